/** The languages of pages and mails. */
@NullMarked
package org.countersign.support.language;

import org.jspecify.annotations.NullMarked;
