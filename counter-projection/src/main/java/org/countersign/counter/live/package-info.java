/** Reads of the counts. */
@NullMarked
package org.countersign.counter.live;

import org.jspecify.annotations.NullMarked;
