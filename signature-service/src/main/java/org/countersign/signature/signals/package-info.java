/** Signals of sign calls: what is known about a call for a few days, so that attacks can be found. */
@NullMarked
package org.countersign.signature.signals;

import org.jspecify.annotations.NullMarked;
