/** Reminders to signers who have not confirmed. */
@NullMarked
package org.countersign.notifier.reminder;

import org.jspecify.annotations.NullMarked;
