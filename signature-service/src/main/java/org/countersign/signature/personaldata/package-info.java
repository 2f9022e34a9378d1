/** Personal data of signers: addresses, encryption, keys and pseudonymous ids. */
@NullMarked
package org.countersign.signature.personaldata;

import org.jspecify.annotations.NullMarked;
