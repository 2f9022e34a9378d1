/** Contains operator commands that rebuild projections. */
@NullMarked
package org.countersign.cli.projection;

import org.jspecify.annotations.NullMarked;
