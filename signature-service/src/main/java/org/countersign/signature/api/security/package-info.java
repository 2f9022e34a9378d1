/** Authentication, authorization and request limits. */
@NullMarked
package org.countersign.signature.api.security;

import org.jspecify.annotations.NullMarked;
