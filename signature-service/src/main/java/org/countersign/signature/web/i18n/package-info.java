/** The language of a page, and text, numbers and times in it. */
@NullMarked
package org.countersign.signature.web.i18n;

import org.jspecify.annotations.NullMarked;
