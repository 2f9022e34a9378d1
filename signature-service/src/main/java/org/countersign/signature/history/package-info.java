/** What auditors read: every event, in log order. */
package org.countersign.signature.history;
