/** Runs the local stack: PostgreSQL, Kafka, a mailbox and the three services, all on loopback. */
@NullMarked
package org.countersign.localstack;

import org.jspecify.annotations.NullMarked;
