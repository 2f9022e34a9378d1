/** The relay, which publishes the event log to Kafka exactly once. */
@NullMarked
package org.countersign.signature.relay;

import org.jspecify.annotations.NullMarked;
