/** Accepts sign requests with Axon as its documentation sets it up. */
@NullMarked
package org.countersign.benchmarks.peer.axon;

import org.jspecify.annotations.NullMarked;
