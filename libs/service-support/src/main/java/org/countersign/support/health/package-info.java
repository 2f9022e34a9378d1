/** The health check of the images. */
@NullMarked
package org.countersign.support.health;

import org.jspecify.annotations.NullMarked;
