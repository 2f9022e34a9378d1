/** A data source that reconnects soon after the database is back. */
@NullMarked
package org.countersign.support.datasource;

import org.jspecify.annotations.NullMarked;
