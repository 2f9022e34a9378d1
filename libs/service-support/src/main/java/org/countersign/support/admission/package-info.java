/** Admission control: a limit on concurrent requests with a bounded wait. */
@NullMarked
package org.countersign.support.admission;

import org.jspecify.annotations.NullMarked;
