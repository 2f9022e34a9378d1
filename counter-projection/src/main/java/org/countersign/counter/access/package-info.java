/** Access control of the counter. */
@NullMarked
package org.countersign.counter.access;

import org.jspecify.annotations.NullMarked;
