package org.countersign.notifier.webhook;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What the receiver of a webhook understands. */
enum WebhookFormat {
    /** A program of one's own: type, time and data, as Standard Webhooks has it. */
    STANDARD,
    /** Slack and what speaks like it. */
    SLACK,
    /** Discord. */
    DISCORD;

    /** The name in the database and in JSON: lower case. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads {@link #text()}; empty for anything else. */
    static Optional<WebhookFormat> of(String text) {
        return Stream.of(values()).filter(format -> format.text().equals(text)).findAny();
    }
}
