package org.countersign.signature.audit;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.countersign.signature.domain.InvalidFieldsException;
import org.jspecify.annotations.Nullable;

/**
 * A point in the history. Later events are left out.
 *
 * @param lastIndex the index of the last event
 * @param until the latest time of an event
 */
public record HistoryBound(long lastIndex, Instant until) {

    /** The end of the history. */
    public static final HistoryBound NOW = new HistoryBound(Long.MAX_VALUE, Instant.MAX);

    /**
     * Parses a point in the history.
     *
     * @param field the name of the parameter, for error messages
     * @param text a time such as {@code 2030-01-31T12:00:00Z} or the index of an event; null for the end of the history
     * @throws InvalidFieldsException if it is neither
     */
    public static HistoryBound parse(String field, @Nullable String text) {
        if (text == null) {
            return NOW;
        }
        if (text.matches("[0-9]{1,18}")) {
            return new HistoryBound(Long.parseLong(text), Instant.MAX);
        }
        try {
            return new HistoryBound(Long.MAX_VALUE, Instant.parse(text));
        } catch (DateTimeParseException e) {
            throw new InvalidFieldsException(
                    field, "must be a time such as 2030-01-31T12:00:00Z or the index of an event");
        }
    }
}
