package org.countersign.notifier.milestone;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A reached milestone whose notifications are planned.
 *
 * @param id derived from petition and threshold
 * @param event the id of the event, unique among all events
 * @param petition the petition's slug
 * @param threshold the number of signatures
 * @param goal the goal of the petition
 * @param reachedBy the index of the event that reached it
 * @param reachedAt when it was reached
 * @param trace the trace id of the event
 */
public record NotifiedMilestone(
        UUID id,
        String event,
        String petition,
        long threshold,
        long goal,
        long reachedBy,
        Instant reachedAt,
        Optional<String> trace) {

    /**
     * Returns the data that notifications contain: threshold and goal. The index of the event is not among them. It
     * counts events that are not public.
     */
    public Map<String, Object> data() {
        return Map.of("threshold", threshold, "goal", goal);
    }
}
