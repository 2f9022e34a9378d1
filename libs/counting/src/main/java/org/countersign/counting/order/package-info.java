/**
 * The order of the log, for readers who get its events from many partitions. It knows no Kafka: partitions are whatever
 * its caller names them by.
 */
package org.countersign.counting.order;
