/** For auditors: replays of the history, and event store, Kafka and counters held against each other. */
package org.countersign.cli.audit;
