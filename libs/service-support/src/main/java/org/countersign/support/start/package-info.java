/** Reasons for which a service refuses to start. */
@NullMarked
package org.countersign.support.start;

import org.jspecify.annotations.NullMarked;
