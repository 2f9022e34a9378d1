/** The life cycle of a signature: pending, verified, withdrawn, expired, invalidated. */
@NullMarked
package org.countersign.signature.domain.signature;

import org.jspecify.annotations.NullMarked;
