/** The counts and the growth of a petition, as the pages show them. */
@NullMarked
package org.countersign.signature.web.counts;

import org.jspecify.annotations.NullMarked;
