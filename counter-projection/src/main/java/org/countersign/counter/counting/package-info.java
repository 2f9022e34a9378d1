/** Counting: from records of Kafka to counts in the database, and the rebuild of the counts. */
@NullMarked
package org.countersign.counter.counting;

import org.jspecify.annotations.NullMarked;
