/** Composes mails and sends them over SMTP. */
@NullMarked
package org.countersign.notifier.mail;

import org.jspecify.annotations.NullMarked;
