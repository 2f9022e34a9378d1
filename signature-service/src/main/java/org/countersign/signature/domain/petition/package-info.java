/** The life cycle of a petition: published, closed, reopened. */
@NullMarked
package org.countersign.signature.domain.petition;

import org.jspecify.annotations.NullMarked;
