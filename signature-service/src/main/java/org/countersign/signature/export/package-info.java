/** The hand-over of the verified signatures to the recipients of a petition. */
@NullMarked
package org.countersign.signature.export;

import org.jspecify.annotations.NullMarked;
