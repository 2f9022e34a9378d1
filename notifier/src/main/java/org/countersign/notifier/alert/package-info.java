/** Mails about milestones to the recipients that an organiser added. */
@NullMarked
package org.countersign.notifier.alert;

import org.jspecify.annotations.NullMarked;
