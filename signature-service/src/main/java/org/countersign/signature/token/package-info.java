/** Tokens in the links of mails: they need no table, since a keyed hash proves them. */
package org.countersign.signature.token;
