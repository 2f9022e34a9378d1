/** A data source that reconnects soon after the database is back, follows promotions and refuses unsuitable poolers. */
@NullMarked
package org.countersign.support.datasource;

import org.jspecify.annotations.NullMarked;
