/** Signing rules: which sign calls are held, and the limits that all instances share. */
@NullMarked
package org.countersign.signature.screening;

import org.jspecify.annotations.NullMarked;
