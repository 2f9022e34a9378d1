/** Cases: an organiser invalidates many signatures by criteria, and can undo that. */
@NullMarked
package org.countersign.signature.cases;

import org.jspecify.annotations.NullMarked;
