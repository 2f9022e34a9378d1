/** From the log to Kafka: every event, in order, once. */
package org.countersign.signature.relay;
