/** The warm-up of the signature service. */
@NullMarked
package org.countersign.signature.web.rehearsal;

import org.jspecify.annotations.NullMarked;
