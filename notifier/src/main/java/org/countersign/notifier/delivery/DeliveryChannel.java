package org.countersign.notifier.delivery;

import java.util.Locale;

/** A way for deliveries to go. */
public enum DeliveryChannel {
    /** Over SMTP. */
    MAIL,
    /** Over SMTP too, but apart from the others: very many, that nobody waits for. */
    MAILING,
    /** Over HTTP. */
    WEBHOOK;

    /** The name in the database: lower case. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
