/** Authentication of organisers, and the mapping of exceptions to problem details. */
@NullMarked
package org.countersign.notifier.access;

import org.jspecify.annotations.NullMarked;
