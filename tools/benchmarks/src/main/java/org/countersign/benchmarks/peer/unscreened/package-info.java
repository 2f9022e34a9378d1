/** The product without signing rules and signals, to measure what they cost. */
@NullMarked
package org.countersign.benchmarks.peer.unscreened;

import org.jspecify.annotations.NullMarked;
