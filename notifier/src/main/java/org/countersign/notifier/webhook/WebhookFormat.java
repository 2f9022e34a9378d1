package org.countersign.notifier.webhook;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The format of the body. */
enum WebhookFormat {
    /** Type, time and data, as Standard Webhooks defines them. */
    STANDARD,
    /** Slack and compatible chats. */
    SLACK,
    /** Discord. */
    DISCORD;

    /** Returns the name in the database and in JSON: lower case. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Parses a name that {@link #text()} returned. Empty for other texts. */
    static Optional<WebhookFormat> of(String text) {
        return Stream.of(values()).filter(format -> format.text().equals(text)).findAny();
    }
}
