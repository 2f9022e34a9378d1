/**
 * For auditors: the history folded anew, from the log or from Kafka, and log, Kafka and counters held against each
 * other. Nothing here changes anything.
 */
package org.countersign.signature.audit;
