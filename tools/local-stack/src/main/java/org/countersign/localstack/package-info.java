/** The embedded stack: PostgreSQL, Kafka, a mailbox and the three services, all on loopback. */
package org.countersign.localstack;
