/** Reads events from Kafka and plans the deliveries that they cause. */
@NullMarked
package org.countersign.notifier.planning;

import org.jspecify.annotations.NullMarked;
