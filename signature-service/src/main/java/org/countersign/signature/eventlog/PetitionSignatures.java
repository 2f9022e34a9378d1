package org.countersign.signature.eventlog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSlug;
import org.countersign.support.sql.SqlArrays;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Reads the signatures of a petition page by page, each signature once, with their events and the secrets that are
 * left. A page takes two statements and constant memory, however many signatures the petition has.
 */
@Component
public class PetitionSignatures {

    private static final String SIGNINGS = """
            select e.global_index, e.stream from event e
            where e.petition = ? and e.type = %d and e.global_index > ? and e.global_index <= ?
            order by e.global_index limit ?""".formatted(EventType.PETITION_SIGNED.code());

    private final JdbcClient database;
    private final EventLog log;
    private final PetitionNumbers numbers;

    PetitionSignatures(JdbcClient database, EventLog log, PetitionNumbers numbers) {
        this.database = database;
        this.log = log;
        this.numbers = numbers;
    }

    /**
     * A page of signatures.
     *
     * @param streams the signatures whose first signing is in the page
     * @param last the index up to which the signings were read
     * @param more whether there may be further pages
     */
    public record SignaturePage(List<SignatureStream> streams, long last, boolean more) {}

    private record SigningPlace(long index, UUID stream) {}

    /**
     * Returns the next page of signatures, in the order of their first signings.
     *
     * @param petition the petition
     * @param after the index after which the page begins
     * @param upTo the index of the last event to consider; a signature that was first made later is left out
     * @param limit the maximum number of signings to read
     * @throws org.countersign.signature.domain.LogBehindException if the log lacks events
     */
    public SignaturePage page(PetitionSlug petition, long after, long upTo, int limit) {
        log.requireOpen();
        List<SigningPlace> signings = database.sql(SIGNINGS)
                .params(numbers.number(petition.value()), after, upTo, limit)
                .query((row, number) -> new SigningPlace(row.getLong(1), row.getObject(2, UUID.class)))
                .list();
        Map<UUID, Long> first = new LinkedHashMap<>();
        signings.forEach(signing -> first.putIfAbsent(signing.stream(), signing.index()));
        // A signature with several rounds belongs to the page of its first signing.
        List<SignatureStream> streams = read(petition, first.keySet()).stream()
                .filter(stream -> first.getOrDefault(stream.id(), 0L)
                        == stream.events().get(0).index())
                .toList();
        boolean more = signings.size() == limit;
        return new SignaturePage(streams, more ? signings.get(limit - 1).index() : upTo, more);
    }

    /**
     * Returns the signatures with these ids that are signatures of the petition.
     *
     * @throws org.countersign.signature.domain.LogBehindException if the log lacks events
     */
    public List<SignatureStream> read(PetitionSlug petition, Collection<UUID> ids) {
        log.requireOpen();
        if (ids.isEmpty()) {
            return List.of();
        }
        Map<UUID, StreamRows> streams = new LinkedHashMap<>();
        database.sql(EventLog.SIGNATURES).param(SqlArrays.literal(ids)).query(row -> {
            if (row.getObject("stream") != null) {
                streams.computeIfAbsent(row.getObject("wanted", UUID.class), id -> new StreamRows())
                        .add(log.event(row), Optional.ofNullable(row.getBytes("secret")));
            }
        });
        log.requireComplete();
        List<SignatureStream> found = new ArrayList<>(streams.size());
        streams.forEach((id, rows) -> rows.build(id, petition).ifPresent(found::add));
        return found;
    }

    private static final class StreamRows {

        private final List<StoredEvent> events = new ArrayList<>();
        private final Map<Long, byte[]> secrets = new HashMap<>();
        private final Set<Integer> taken = new HashSet<>();

        private void add(StoredEvent event, Optional<byte[]> secret) {
            taken.add(event.sequence());
            if (event.authentic()) {
                events.add(event);
                secret.ifPresent(present -> secrets.put(event.index(), present));
            }
        }

        /** Leaves out what is no signature of the petition: an alert, the petition itself, or another's signature. */
        private Optional<SignatureStream> build(UUID id, PetitionSlug petition) {
            return !events.isEmpty()
                            && events.get(0).type() == EventType.PETITION_SIGNED
                            && events.get(0).petition().equals(petition)
                    ? Optional.of(new SignatureStream(id, events, secrets, taken))
                    : Optional.empty();
        }
    }
}
