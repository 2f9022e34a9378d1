package org.countersign.signature.audit;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.countersign.signature.domain.InvalidFieldsException;

/**
 * A moment at which somebody wants to see the history as it stood: what comes later is left out.
 *
 * @param lastIndex the index of the last event
 * @param until when the last event may have happened
 */
public record HistoryBound(long lastIndex, Instant until) {

    /** Now, whatever now is. */
    public static final HistoryBound NOW = new HistoryBound(Long.MAX_VALUE, Instant.MAX);

    /**
     * Reads a moment as somebody typed it: a time such as {@code 2030-01-31T12:00:00Z} or the index of an event; now if
     * it is null.
     *
     * @throws InvalidFieldsException if it is neither
     */
    public static HistoryBound parse(String field, String text) {
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
