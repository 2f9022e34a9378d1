/** The Atom feeds (RFC 4287). */
@NullMarked
package org.countersign.signature.web.feed;

import org.jspecify.annotations.NullMarked;
