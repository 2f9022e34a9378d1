package org.countersign.signature.application;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * An active alert as the organiser sees it.
 *
 * @param id the alert
 * @param name the recipient's name
 * @param email the recipient's address
 * @param language the language tag of the mails
 * @param milestones the chosen milestones, rising; empty for every milestone
 * @param since when the alert was requested
 */
public record AlertView(UUID id, String name, String email, String language, List<Long> milestones, Instant since) {

    /** Hides the personal data. */
    @Override
    public String toString() {
        return "AlertView[" + id + "]";
    }
}
