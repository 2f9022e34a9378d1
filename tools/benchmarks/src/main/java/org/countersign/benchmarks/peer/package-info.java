/** Contains the comparison programs, which accept the same sign request as the product. */
@NullMarked
package org.countersign.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
