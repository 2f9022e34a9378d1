/** The pages for auditors, and the page that checks receipts. */
@NullMarked
package org.countersign.signature.web.audit;

import org.jspecify.annotations.NullMarked;
