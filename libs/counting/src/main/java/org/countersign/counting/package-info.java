/** The counting rule: it folds events into counts and milestones. Counter, replay and audit share it. */
@NullMarked
package org.countersign.counting;

import org.jspecify.annotations.NullMarked;
