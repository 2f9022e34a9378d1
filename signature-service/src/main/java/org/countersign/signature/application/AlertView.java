package org.countersign.signature.application;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * An alert that is on, as its organiser sees it.
 *
 * @param milestones of which milestones they are told, rising; empty for each
 */
public record AlertView(UUID id, String name, String email, String language, List<Long> milestones, Instant since) {

    /** Personal data: not shown. */
    @Override
    public String toString() {
        return "AlertView[" + id + "]";
    }
}
