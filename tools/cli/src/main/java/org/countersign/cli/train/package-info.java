/** Training of the services for a fast start. */
@NullMarked
package org.countersign.cli.train;

import org.jspecify.annotations.NullMarked;
