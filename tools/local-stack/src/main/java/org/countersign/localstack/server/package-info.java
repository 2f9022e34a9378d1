/**
 * Real servers that need nothing installed: PostgreSQL and Kafka from Maven Central's binaries, and a mailbox that
 * takes every mail and sends none on. For trying Countersign and for its tests; production has servers of its own.
 */
package org.countersign.localstack.server;
