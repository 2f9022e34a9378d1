/** Log order for readers of many partitions. It knows no Kafka: the caller identifies partitions. */
@NullMarked
package org.countersign.counting.order;

import org.jspecify.annotations.NullMarked;
