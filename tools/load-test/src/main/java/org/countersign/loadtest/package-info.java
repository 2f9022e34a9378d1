/** Generates load: simulated signers sign, read their mail, confirm and withdraw, up to millions of times. */
@NullMarked
package org.countersign.loadtest;

import org.jspecify.annotations.NullMarked;
