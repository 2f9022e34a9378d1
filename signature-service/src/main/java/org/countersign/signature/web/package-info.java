/** The pages of the signature service. */
@NullMarked
package org.countersign.signature.web;

import org.jspecify.annotations.NullMarked;
