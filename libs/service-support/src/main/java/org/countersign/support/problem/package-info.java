/** Problem details (RFC 9457) for answers that are written without Spring MVC. */
@NullMarked
package org.countersign.support.problem;

import org.jspecify.annotations.NullMarked;
