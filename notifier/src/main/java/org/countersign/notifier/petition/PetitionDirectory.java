package org.countersign.notifier.petition;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.counting.Milestones;
import org.countersign.events.PetitionPublished;
import org.countersign.support.sql.SqlArrays;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of published petitions. */
@Component
public class PetitionDirectory {

    private final JdbcClient database;
    /** A published petition never changes. */
    private final Map<String, PetitionFacts> cache = new ConcurrentHashMap<>();

    PetitionDirectory(JdbcClient database) {
        this.database = database;
    }

    /** Stores a petition. Repeating the call changes nothing. The caller runs the transaction that reads the event. */
    public void store(PetitionPublished published) {
        database.sql("""
                        insert into petition (slug, title, language, goal, milestones, reminders)
                        values (:slug, :title, :language, :goal, cast(:milestones as bigint[]), :reminders)
                        on conflict (slug) do nothing""")
                .param("slug", published.petition().value())
                .param("title", published.title())
                .param("language", published.language())
                .param("goal", published.goal())
                .param("reminders", published.reminders())
                .param("milestones", SqlArrays.literal(published.milestones()))
                .update();
    }

    /** Finds a petition by its slug. It is absent until its event is read: topics have no common order. */
    public Optional<PetitionFacts> find(String slug) {
        PetitionFacts cached = cache.get(slug);
        if (cached != null) {
            return Optional.of(cached);
        }
        Optional<PetitionFacts> stored = database.sql(
                        "select title, language, goal, milestones from petition where slug = ?")
                .param(slug)
                .query((row, number) -> facts(row))
                .optional();
        stored.ifPresent(facts -> cache.put(slug, facts));
        return stored;
    }

    private static PetitionFacts facts(ResultSet row) throws SQLException {
        List<Long> own = List.of((Long[]) row.getArray("milestones").getArray());
        return new PetitionFacts(
                row.getString("title"), row.getString("language"), new Milestones(own, row.getLong("goal")));
    }
}
