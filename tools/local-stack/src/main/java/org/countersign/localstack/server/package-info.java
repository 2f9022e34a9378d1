/**
 * Runs real servers without an installation: PostgreSQL and Kafka from Maven artifacts, and a mailbox that forwards no
 * mail. They serve local use and tests, not production.
 */
@NullMarked
package org.countersign.localstack.server;

import org.jspecify.annotations.NullMarked;
