/** Exercises the frequent paths of a service before it reports ready. */
@NullMarked
package org.countersign.support.warmup;

import org.jspecify.annotations.NullMarked;
