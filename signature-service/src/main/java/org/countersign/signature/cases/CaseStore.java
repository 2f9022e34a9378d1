package org.countersign.signature.cases;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureStatus;
import org.countersign.signature.cases.InvalidationCase.CaseNumbers;
import org.countersign.signature.domain.signature.CaseDecision.Outcome;
import org.countersign.signature.signals.NetworkHash;
import org.countersign.support.sql.SqlArrays;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Stores cases and their signatures. The event log decides what has happened to a signature. */
@Component
class CaseStore {

    private static final String COLUMNS = """
            select id, petition, state, criteria, reason, public_reason, actor, created_at, opened_at, ended_at,
                matched, verified, done, invalidated, removed, reinstated, restored, up_to, searched
            from invalidation_case\s""";
    private static final String ACTIVE =
            "state in ('open', 'running', 'undoing') or state = 'cancelled' and not settled";
    private static final String ADD_ITEMS = """
            insert into invalidation_case_item (case_id, signature)
            select ?, s from unnest(cast(? as uuid[])) s on conflict do nothing""";
    private static final String MOVE_ITEMS = """
            update invalidation_case_item set outcome = ? where case_id = ? and signature = any (cast(? as uuid[]))""";

    private final JdbcClient database;

    CaseStore(JdbcClient database) {
        this.database = database;
    }

    /**
     * A case and the progress of the search for its signatures.
     *
     * @param upTo the index of the last event to search
     * @param searched the index up to which the log was searched
     */
    record StoredCase(InvalidationCase view, long upTo, long searched) {}

    /**
     * A signature of a case.
     *
     * @param waiting whether the case has not processed it
     */
    record CaseItem(UUID signature, boolean waiting) {}

    /**
     * Stores a new case.
     *
     * @param networks the hashes of the networks that it looks for. They are deleted when it has chosen its signatures,
     *     or with the signals of their day
     */
    void insert(
            UUID id,
            PetitionSlug petition,
            CaseForm.ValidCase valid,
            Collection<NetworkHash> networks,
            String actor,
            long upTo) {
        database.sql("""
                        with wanted as (
                            insert into signing_signal_wanted (case_id, day, hash)
                            select ?, w.day, w.hash
                            from unnest(cast(? as date[]), cast(? as bigint[])) as w (day, hash))
                        insert into invalidation_case (id, petition, criteria, reason, public_reason, actor, up_to)
                        values (?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        id,
                        SqlArrays.literal(
                                networks.stream().map(NetworkHash::day).toList()),
                        SqlArrays.literal(
                                networks.stream().map(NetworkHash::hash).toList()))
                .params(
                        id,
                        petition.value(),
                        valid.criteria().criteria().json(),
                        valid.reason(),
                        valid.publicReason(),
                        actor,
                        upTo)
                .update();
    }

    /** Returns the hashes of the networks that a case looks for. */
    Set<NetworkHash> networks(UUID id) {
        return Set.copyOf(database.sql("select day, hash from signing_signal_wanted where case_id = ?")
                .param(id)
                .query((row, number) -> new NetworkHash(row.getObject(1, LocalDate.class), row.getLong(2)))
                .list());
    }

    private void forgetNetworks(UUID id) {
        database.sql("delete from signing_signal_wanted where case_id = ?")
                .param(id)
                .update();
    }

    Optional<StoredCase> find(UUID id) {
        return database.sql(COLUMNS + "where id = ?")
                .param(id)
                .query((row, number) -> read(row))
                .optional();
    }

    /** Locks a case until the end of the transaction, so that a request to cancel waits for the present batch. */
    Optional<StoredCase> lock(UUID id) {
        return database.sql(COLUMNS + "where id = ? for update")
                .param(id)
                .query((row, number) -> read(row))
                .optional();
    }

    /** Returns the cases of a petition, the newest first. */
    List<InvalidationCase> of(PetitionSlug petition) {
        return database.sql(COLUMNS + "where petition = ? order by created_at desc, id")
                .param(petition.value())
                .query((row, number) -> read(row).view())
                .list();
    }

    /** Returns the cases that are not at rest, the oldest first. */
    List<StoredCase> active() {
        return database.sql(COLUMNS + "where " + ACTIVE + " order by created_at, id")
                .query((row, number) -> read(row))
                .list();
    }

    /** Returns the cases that everybody may see, the oldest first. */
    List<InvalidationCase> opened() {
        return database.sql(COLUMNS + "where opened_at is not null order by opened_at, id")
                .query((row, number) -> read(row).view())
                .list();
    }

    /** Moves a case to another state. Returns false if it is in none of the given states. */
    boolean move(UUID id, CaseState to, CaseState... from) {
        List<String> states = Arrays.stream(from).map(CaseState::text).toList();
        return database.sql("""
                                update invalidation_case set state = ?, ended_at = null, settled = false,
                                    done = case when ? = 'undoing' then 0 else done end
                                where id = ? and state = any (cast(? as text[]))""")
                        .params(to.text(), to.text(), id, SqlArrays.literal(states))
                        .update()
                == 1;
    }

    /** Ends the work of a case. */
    void end(UUID id, CaseState state) {
        database.sql("update invalidation_case set state = ?, ended_at = now(), settled = true where id = ?")
                .params(state.text(), id)
                .update();
        forgetNetworks(id);
    }

    void open(UUID id, Instant at) {
        database.sql("update invalidation_case set state = 'running', opened_at = ? where id = ?")
                .params(Timestamp.from(at), id)
                .update();
        forgetNetworks(id);
    }

    /** Adds signatures to a case, and records how far the log was searched. */
    void addMatches(UUID id, Collection<CaseCandidate> matches, long searched) {
        List<UUID> signatures = matches.stream()
                .map(candidate -> candidate.summary().id().value())
                .toList();
        long verified = matches.stream()
                .filter(candidate -> candidate.summary().status() == SignatureStatus.VERIFIED)
                .count();
        int added = database.sql(ADD_ITEMS)
                .params(id, SqlArrays.literal(signatures))
                .update();
        database.sql("""
                        update invalidation_case set matched = matched + ?, verified = verified + ?, searched = ?
                        where id = ?""").params(added, verified, searched, id).update();
    }

    /** Returns signatures that the case has not processed, always in the same order. */
    List<CaseItem> waiting(UUID id, int limit) {
        return items(id, "outcome = 0", limit);
    }

    /** Returns signatures that undoing the case has not processed. */
    List<CaseItem> undoable(UUID id, int limit) {
        return items(id, "outcome in (0, 1)", limit);
    }

    private List<CaseItem> items(UUID id, String condition, int limit) {
        return database.sql("select signature, outcome from invalidation_case_item where case_id = ? and " + condition
                        + " order by signature limit ?")
                .params(id, limit)
                .query((row, number) -> new CaseItem(row.getObject(1, UUID.class), row.getInt(2) == 0))
                .list();
    }

    /**
     * Records what became of signatures.
     *
     * @param outcomes the outcome by signature
     * @param change what to add to the numbers of the case; {@code matched} and {@code verified} do not change
     */
    void record(UUID id, Map<UUID, Outcome> outcomes, CaseNumbers change) {
        outcomes.entrySet().stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue, Collectors.mapping(Map.Entry::getKey, Collectors.toList())))
                .forEach((outcome, signatures) -> database.sql(MOVE_ITEMS)
                        .params(outcome.code(), id, SqlArrays.literal(signatures))
                        .update());
        database.sql("""
                        update invalidation_case set done = done + ?, invalidated = invalidated + ?,
                            removed = removed + ?, reinstated = reinstated + ?, restored = restored + ?
                        where id = ?""")
                .params(
                        change.done(),
                        change.invalidated(),
                        change.removed(),
                        change.reinstated(),
                        change.restored(),
                        id)
                .update();
    }

    private static StoredCase read(ResultSet row) throws SQLException {
        InvalidationCase view = new InvalidationCase(
                row.getObject("id", UUID.class),
                new PetitionSlug(row.getString("petition")),
                CaseState.of(row.getString("state")),
                CaseCriteria.ofJson(row.getString("criteria")),
                row.getString("reason"),
                row.getString("public_reason"),
                row.getString("actor"),
                row.getTimestamp("created_at").toInstant(),
                Optional.ofNullable(row.getTimestamp("opened_at")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getTimestamp("ended_at")).map(Timestamp::toInstant),
                new CaseNumbers(
                        row.getLong("matched"),
                        row.getLong("verified"),
                        row.getLong("done"),
                        row.getLong("invalidated"),
                        row.getLong("removed"),
                        row.getLong("reinstated"),
                        row.getLong("restored")));
        return new StoredCase(view, row.getLong("up_to"), row.getLong("searched"));
    }
}
