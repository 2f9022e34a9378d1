/** Finding signers by address, id, time or state, and the erasure of a person in all petitions. */
@NullMarked
package org.countersign.signature.signers;

import org.jspecify.annotations.NullMarked;
