package org.countersign.notifier.delivery;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one attempt.
 *
 * @param recipient the masked address, or the host of a webhook
 * @param error the reason of a failure, without personal data
 * @param due when the next attempt is due, by the clock of the database. Empty if the result determines it
 */
public record DeliveryOutcome(
        Result result, Optional<String> recipient, Optional<String> error, Optional<Instant> due) {

    private DeliveryOutcome(Result result, Optional<String> recipient, Optional<String> error) {
        this(result, recipient, error, Optional.empty());
    }

    /** The possible results. */
    public enum Result {
        /** The receiver accepted the delivery. */
        SENT,
        /** The attempt failed. A later attempt may succeed. */
        RETRY,
        /** The attempt failed permanently. The organiser must act. */
        PARK,
        /** The recipient does not exist any more. */
        DROP,
        /** The server is unavailable. The delivery was not attempted. */
        NOT_TRIED,
        /** Other deliveries occupy the receiver. The delivery was not attempted. */
        BUSY,
        /** The worker ran out of time. The delivery was not attempted. */
        LATER,
        /** The recipient or its domain got enough mails for now. The delivery was not attempted. */
        POSTPONED,
        /** The recipient wants no mail. The delivery was not attempted, and never is. */
        SUPPRESSED
    }

    /** Returns whether the delivery was attempted. */
    boolean wasTried() {
        return switch (result) {
            case SENT, RETRY, PARK, DROP -> true;
            case NOT_TRIED, BUSY, LATER, POSTPONED, SUPPRESSED -> false;
        };
    }

    /** Returns the outcome of a successful attempt. */
    public static DeliveryOutcome sent(String recipient) {
        return new DeliveryOutcome(Result.SENT, Optional.of(recipient), Optional.empty());
    }

    /** Returns the outcome of a failed attempt. Addresses in the error are masked. */
    public static DeliveryOutcome failed(Result result, String recipient, @Nullable String error) {
        return new DeliveryOutcome(result, Optional.of(recipient), Optional.of(AddressMasking.mask(error)));
    }

    /** Returns the outcome for a server that is unavailable. */
    public static DeliveryOutcome notTried(String reason) {
        return new DeliveryOutcome(Result.NOT_TRIED, Optional.empty(), Optional.of(reason));
    }

    /** Returns the outcome for a delivery whose receiver is occupied. It is sent soon. */
    public static DeliveryOutcome busy() {
        return new DeliveryOutcome(Result.BUSY, Optional.empty(), Optional.empty());
    }

    /** Returns the outcome for a delivery that the worker had no time for. It is sent next. */
    public static DeliveryOutcome later() {
        return new DeliveryOutcome(Result.LATER, Optional.empty(), Optional.empty());
    }

    /** Returns the outcome for a recipient that does not exist any more. */
    public static DeliveryOutcome dropped(String reason) {
        return new DeliveryOutcome(Result.DROP, Optional.empty(), Optional.of(reason));
    }

    /** Returns the outcome for a delivery that waits for a turn. */
    static DeliveryOutcome postponed(Instant due, String reason) {
        return new DeliveryOutcome(Result.POSTPONED, Optional.empty(), Optional.of(reason), Optional.of(due));
    }

    /** Returns the outcome for a recipient who wants no mail. */
    static DeliveryOutcome suppressed(String reason) {
        return new DeliveryOutcome(Result.SUPPRESSED, Optional.empty(), Optional.of(reason));
    }
}
