/** Helpers for threads. */
@NullMarked
package org.countersign.support.thread;

import org.jspecify.annotations.NullMarked;
