/** Values in the notation of PostgreSQL. */
@NullMarked
package org.countersign.support.sql;

import org.jspecify.annotations.NullMarked;
