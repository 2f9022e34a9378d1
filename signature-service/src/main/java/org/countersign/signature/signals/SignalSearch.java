package org.countersign.signature.signals;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.signals.DayKeys.SignalKey;
import org.countersign.support.sql.SqlArrays;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds the signals of signatures while they are kept. */
@Component
public class SignalSearch {

    /** A held call waits for seven days at most, and a call of an address with many mails for less. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(8);

    private final JdbcClient database;
    private final SignalStore store;

    SignalSearch(JdbcClient database, SignalStore store) {
        this.database = database;
        this.store = store;
    }

    /**
     * A form of which the signals are wanted.
     *
     * @param stream the signature
     * @param at the time of the form
     * @param first whether it is that of the first round, so that it has the time of its call
     */
    public record SignedForm(UUID stream, Instant at, boolean first) {

        private Instant earliest() {
            return first ? at : at.minus(LONGEST_WAIT);
        }
    }

    /** Returns the signals of those forms whose signals are left, by signature. */
    public Map<UUID, FormSignals> of(PetitionSlug petition, Collection<SignedForm> forms) {
        Map<UUID, FormSignals> found = new HashMap<>();
        if (!forms.isEmpty()) {
            database.sql("""
                            select f.* from petition_name p, signals_of_forms(
                                p.id, cast(? as uuid[]), cast(? as bigint[]), cast(? as bigint[])) f
                            where p.slug = ?""")
                    .param(SqlArrays.literal(
                            forms.stream().map(SignedForm::stream).toList()))
                    .param(micros(forms, form -> micros(form.at())))
                    .param(micros(forms, form -> micros(form.earliest())))
                    .param(petition.value())
                    .query(row -> {
                        found.put(
                                row.getObject("stream", UUID.class),
                                new FormSignals(
                                        row.getTimestamp("at").toInstant(),
                                        row.getLong("network"),
                                        row.getLong("wider"),
                                        row.getInt("form"),
                                        row.getBoolean("generated")));
                    });
        }
        return found;
    }

    private static String micros(Collection<SignedForm> forms, ToLongFunction<SignedForm> time) {
        return SqlArrays.literal(
                forms.stream().map(form -> time.applyAsLong(form)).toList());
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    /** Returns the hashes of networks under the key of each day whose signals are left. */
    public Set<NetworkHash> hashes(List<SignalNetwork> networks) {
        Set<NetworkHash> hashes = new HashSet<>();
        if (!networks.isEmpty()) {
            for (SignalKey key : store.allKeys()) {
                networks.stream()
                        .flatMap(network -> network.prefixes().stream())
                        .forEach(prefix -> hashes.add(new NetworkHash(key.day(), SignalHashes.network(key, prefix))));
            }
        }
        return hashes;
    }

    /** Returns the begin of the oldest day whose signals are left, or empty if there are no signals. */
    public Optional<Instant> reachesBackTo() {
        return store.allKeys().stream()
                .map(SignalKey::day)
                .min(LocalDate::compareTo)
                .map(day -> day.atStartOfDay(ZoneOffset.UTC).toInstant());
    }
}
