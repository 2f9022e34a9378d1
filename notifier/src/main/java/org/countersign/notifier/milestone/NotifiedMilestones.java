package org.countersign.notifier.milestone;

import java.sql.Timestamp;
import java.util.Optional;
import org.countersign.events.MilestoneReached;
import org.countersign.events.RecordedEvent;
import org.countersign.notifier.delivery.Delivery;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The table of milestones. A milestone is stored before its notifications are planned. Organiser, recipients,
 * subscribers and webhooks can therefore plan in any order.
 */
@Component
public class NotifiedMilestones {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JdbcClient database;

    NotifiedMilestones(JdbcClient database) {
        this.database = database;
    }

    /**
     * Stores a milestone. The caller runs the transaction that reads the event and plans its notifications.
     *
     * @param recorded the event and its id
     * @param reached the event's data
     * @return the milestone; empty if it was stored before, with all its notifications
     */
    public Optional<NotifiedMilestone> store(RecordedEvent recorded, MilestoneReached reached) {
        NotifiedMilestone milestone = new NotifiedMilestone(
                Delivery.idFor("mailing:" + reached.petition() + ":" + reached.threshold()),
                recorded.id(),
                reached.petition().value(),
                reached.threshold(),
                reached.goal(),
                reached.reachedBy(),
                reached.at(),
                recorded.trace());
        int stored = database.sql("""
                        insert into milestone (
                            id, event, petition, threshold, goal, reached_by, reached_at, details, trace)
                        values (:id, :event, :petition, :threshold, :goal, :reachedBy, :reachedAt, :details, :trace)
                        on conflict (id) do nothing""")
                .param("id", milestone.id())
                .param("event", milestone.event())
                .param("petition", milestone.petition())
                .param("threshold", milestone.threshold())
                .param("goal", milestone.goal())
                .param("reachedBy", milestone.reachedBy())
                .param("reachedAt", Timestamp.from(milestone.reachedAt()))
                .param("details", JSON.writeValueAsString(milestone.data()))
                .param("trace", milestone.trace().orElse(null))
                .update();
        return stored == 0 ? Optional.empty() : Optional.of(milestone);
    }
}
