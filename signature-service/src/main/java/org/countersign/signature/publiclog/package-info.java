/** The public log: a Merkle tree over the event log, signed heads, and receipts. */
@NullMarked
package org.countersign.signature.publiclog;

import org.jspecify.annotations.NullMarked;
