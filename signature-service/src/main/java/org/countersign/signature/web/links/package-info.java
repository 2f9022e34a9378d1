/** The pages behind the links in mails. */
@NullMarked
package org.countersign.signature.web.links;

import org.jspecify.annotations.NullMarked;
