package org.countersign.notifier.delivery;

import java.util.Locale;

/** The channels that send deliveries. Each has separate workers. */
public enum DeliveryChannel {
    /** Over SMTP. */
    MAIL,
    /** Over SMTP, for mailings. They have a separate connection, so that they do not delay other mails. */
    MAILING,
    /**
     * Over SMTP, for reminders. They wait for other mails. Instances of the release before know neither the channel nor
     * its deliveries, and leave them alone.
     */
    REMINDER,
    /** Over HTTP. */
    WEBHOOK;

    /** Returns the name in the database: lower case. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
