/** The HTTP API of the signature service. */
@NullMarked
package org.countersign.signature.api;

import org.jspecify.annotations.NullMarked;
