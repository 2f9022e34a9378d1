/** The pages for organisers. */
@NullMarked
package org.countersign.signature.web.organiser;

import org.jspecify.annotations.NullMarked;
