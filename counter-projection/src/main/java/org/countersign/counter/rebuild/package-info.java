/** The call that rebuilds the counts. */
@NullMarked
package org.countersign.counter.rebuild;

import org.jspecify.annotations.NullMarked;
