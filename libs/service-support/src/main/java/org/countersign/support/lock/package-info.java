/** Advisory locks of PostgreSQL. */
@NullMarked
package org.countersign.support.lock;

import org.jspecify.annotations.NullMarked;
