/** Audits: replay, reconciliation, histories, and the narratives that auditors read. */
@NullMarked
package org.countersign.signature.audit;

import org.jspecify.annotations.NullMarked;
