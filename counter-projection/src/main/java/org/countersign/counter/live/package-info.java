/** The counts as people and programs read them. */
package org.countersign.counter.live;
