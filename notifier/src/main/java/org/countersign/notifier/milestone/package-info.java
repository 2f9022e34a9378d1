/** The milestones that petitions reached. Every kind of notification is planned from their table. */
@NullMarked
package org.countersign.notifier.milestone;

import org.jspecify.annotations.NullMarked;
