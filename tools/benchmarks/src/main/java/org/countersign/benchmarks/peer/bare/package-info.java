/** Accepts sign requests without processing them. */
@NullMarked
package org.countersign.benchmarks.peer.bare;

import org.jspecify.annotations.NullMarked;
