/** Proof of work: what a sender computes for a sign call while the petition is under attack. */
@NullMarked
package org.countersign.signature.proof;

import org.jspecify.annotations.NullMarked;
