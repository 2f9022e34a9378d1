/** Kafka topics that keep events without limit. */
@NullMarked
package org.countersign.support.kafka;

import org.jspecify.annotations.NullMarked;
