/** The load generator: people who sign, read their mail, confirm and withdraw, by the hundred thousand. */
package org.countersign.loadtest;
