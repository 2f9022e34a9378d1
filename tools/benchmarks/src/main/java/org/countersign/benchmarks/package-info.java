/** Implements the {@code bench} command, which measures every figure of docs/performance.md against its comparison. */
@NullMarked
package org.countersign.benchmarks;

import org.jspecify.annotations.NullMarked;
