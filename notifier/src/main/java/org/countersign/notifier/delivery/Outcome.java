package org.countersign.notifier.delivery;

import java.util.Optional;

/**
 * How an attempt ended.
 *
 * @param recipient to whom it went, masked
 * @param error     why it failed, without personal data
 */
public record Outcome(Result result, Optional<String> recipient, Optional<String> error) {

    /** The kinds of end. */
    public enum Result {
        /** It was taken. */
        SENT,
        /** It failed and may go through later. */
        RETRY,
        /** It failed for good: a person must look. */
        PARK,
        /** There is nobody to send it to any more. */
        DROP,
        /** The server it goes through is away: nothing was tried. */
        NOT_TRIED,
        /** There was no time left for it: nothing was tried. */
        LATER
    }

    /** Whether anything was attempted. */
    boolean wasTried() {
        return result != Result.NOT_TRIED && result != Result.LATER;
    }

    public static Outcome sent(String recipient) {
        return new Outcome(Result.SENT, Optional.of(recipient), Optional.empty());
    }

    public static Outcome failed(Result result, String recipient, String error) {
        return new Outcome(result, Optional.ofNullable(recipient), Optional.of(Masked.text(error)));
    }

    /** It was not its turn in the time there was: it is tried next. */
    public static Outcome later() {
        return new Outcome(Result.LATER, Optional.empty(), Optional.empty());
    }

    public static Outcome dropped(String why) {
        return new Outcome(Result.DROP, Optional.empty(), Optional.of(why));
    }
}
