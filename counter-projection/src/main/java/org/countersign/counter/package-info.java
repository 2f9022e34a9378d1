/** The counter projection: it counts events, finds milestones and streams counts. */
@NullMarked
package org.countersign.counter;

import org.jspecify.annotations.NullMarked;
