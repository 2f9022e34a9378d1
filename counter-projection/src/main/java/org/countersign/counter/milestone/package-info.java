/** Publication of milestones. */
@NullMarked
package org.countersign.counter.milestone;

import org.jspecify.annotations.NullMarked;
