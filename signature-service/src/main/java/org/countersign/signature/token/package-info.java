/** Tokens in links of mails. A keyed hash proves them, so they need no table. */
@NullMarked
package org.countersign.signature.token;

import org.jspecify.annotations.NullMarked;
