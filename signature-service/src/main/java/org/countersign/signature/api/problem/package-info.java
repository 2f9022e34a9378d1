/** Maps exceptions to problem details (RFC 9457). */
@NullMarked
package org.countersign.signature.api.problem;

import org.jspecify.annotations.NullMarked;
