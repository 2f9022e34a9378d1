/** From Kafka to exact counts. */
package org.countersign.counter.counting;
