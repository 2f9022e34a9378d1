/** Checks whether an acknowledged signature would survive the loss of one machine. */
@NullMarked
package org.countersign.signature.durability;

import org.jspecify.annotations.NullMarked;
