package org.countersign.signature.signals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.countersign.events.PetitionSlug;
import org.countersign.support.sql.SqlArrays;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The held sign calls that organisers have released, as long as the signals of their day are kept. */
@Component
public class ReleasedCalls {

    /** By how much the clocks of a service and of the database may differ. */
    private static final Duration CLOCKS = Duration.ofMinutes(2);

    private final JdbcClient database;

    ReleasedCalls(JdbcClient database) {
        this.database = database;
    }

    /**
     * The released calls of a rule.
     *
     * @param rule the rule, for example {@code limit-domain}
     * @param calls their number
     */
    public record ReleasedRule(String rule, long calls) {}

    /**
     * A released call.
     *
     * @param called the time of the call
     * @param released the time of the release
     */
    public record ReleasedCall(Instant called, Instant released) {

        /**
         * Tells whether the call made a form. The form of the first round has the time of the call. That of a later
         * round has the time of the release or a later one.
         */
        public boolean made(Instant form, boolean first) {
            return first ? form.equals(called) : form.isAfter(released.minus(CLOCKS));
        }
    }

    /** Returns the rules whose calls were released, the largest first. */
    public List<ReleasedRule> rules(PetitionSlug petition) {
        return database.sql("""
                        select r.rule, count(*) from signing_signal_release r
                        join petition_name p on p.id = r.petition
                        where p.slug = ? group by r.rule order by count(*) desc, r.rule""")
                .param(petition.value())
                .query((row, number) -> new ReleasedRule(row.getString(1), row.getLong(2)))
                .list();
    }

    /** Returns the released calls of a rule, by signature. */
    public Map<UUID, List<ReleasedCall>> of(PetitionSlug petition, String rule, Collection<UUID> signatures) {
        Map<UUID, List<ReleasedCall>> found = new HashMap<>();
        database.sql("""
                        select r.stream, r.called, r.released from signing_signal_release r
                        join petition_name p on p.id = r.petition
                        where p.slug = ? and r.rule = ? and r.stream = any (cast(? as uuid[]))""")
                .params(petition.value(), rule, SqlArrays.literal(signatures))
                .query(row -> {
                    found.computeIfAbsent(row.getObject("stream", UUID.class), signature -> new ArrayList<>())
                            .add(new ReleasedCall(
                                    row.getTimestamp("called").toInstant(),
                                    row.getTimestamp("released").toInstant()));
                });
        return found;
    }
}
