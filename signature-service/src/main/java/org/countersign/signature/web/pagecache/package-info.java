/** Caches the pages that most readers open. */
@NullMarked
package org.countersign.signature.web.pagecache;

import org.jspecify.annotations.NullMarked;
