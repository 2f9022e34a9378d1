/** Identifiers that follow from what they identify. */
@NullMarked
package org.countersign.support.id;

import org.jspecify.annotations.NullMarked;
