/** Signing a petition, confirming it, taking it back: the life of a signature. */
package org.countersign.signature.signing;
