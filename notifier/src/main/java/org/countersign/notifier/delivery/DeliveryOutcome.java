package org.countersign.notifier.delivery;

import java.util.Optional;

/**
 * How an attempt ended.
 *
 * @param recipient to whom it went, masked
 * @param error why it failed, without personal data
 */
public record DeliveryOutcome(Result result, Optional<String> recipient, Optional<String> error) {

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

    public static DeliveryOutcome sent(String recipient) {
        return new DeliveryOutcome(Result.SENT, Optional.of(recipient), Optional.empty());
    }

    public static DeliveryOutcome failed(Result result, String recipient, String error) {
        return new DeliveryOutcome(result, Optional.ofNullable(recipient), Optional.of(AddressMasking.text(error)));
    }

    /** It was not its turn in the time there was: it is tried next. */
    public static DeliveryOutcome later() {
        return new DeliveryOutcome(Result.LATER, Optional.empty(), Optional.empty());
    }

    public static DeliveryOutcome dropped(String why) {
        return new DeliveryOutcome(Result.DROP, Optional.empty(), Optional.of(why));
    }
}
