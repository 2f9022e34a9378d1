/** The decisions of the service. The domain knows no Spring, no HTTP and no database. */
@NullMarked
package org.countersign.signature.domain;

import org.jspecify.annotations.NullMarked;
