/** Migrates the database of a service apart from the running service. */
@NullMarked
package org.countersign.support.migration;

import org.jspecify.annotations.NullMarked;
