/** The OpenAPI document of a service. */
@NullMarked
package org.countersign.support.openapi;

import org.jspecify.annotations.NullMarked;
