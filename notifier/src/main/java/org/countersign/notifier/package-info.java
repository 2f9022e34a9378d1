/** The notifier service. It consumes events and sends mails and webhook calls. */
@NullMarked
package org.countersign.notifier;

import org.jspecify.annotations.NullMarked;
