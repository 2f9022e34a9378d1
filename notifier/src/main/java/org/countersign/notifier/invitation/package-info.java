/** Mails that invite people to work for an organisation. */
@NullMarked
package org.countersign.notifier.invitation;

import org.jspecify.annotations.NullMarked;
