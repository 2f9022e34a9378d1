/** The management port: health, metrics, the OpenAPI document, and calls between the services. */
@NullMarked
package org.countersign.support.management;

import org.jspecify.annotations.NullMarked;
