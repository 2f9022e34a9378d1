/** The contract on Kafka: events, topics and their JSON form as CloudEvents. */
@NullMarked
package org.countersign.events;

import org.jspecify.annotations.NullMarked;
