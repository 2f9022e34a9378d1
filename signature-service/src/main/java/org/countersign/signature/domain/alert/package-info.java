/** The life cycle of an alert: requested by the organiser, stopped by either side. */
@NullMarked
package org.countersign.signature.domain.alert;

import org.jspecify.annotations.NullMarked;
