/** Verified signatures, as they are handed over to whom a petition is addressed to. */
package org.countersign.signature.export;
