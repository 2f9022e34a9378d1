package org.countersign.faulttest;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Folds the history of all petitions by the published rules, without any code of the services. It reads the history
 * over the auditor's interface, event by event.
 */
final class ReferenceModel {

    /** The parts of an event that must be equal in Kafka. */
    record ExpectedEvent(String id, String type, String petition, String subject, JsonNode data) {}

    /** What a case did to a signature. */
    static final class CaseEvents {
        private final List<String> was = new ArrayList<>();
        private final List<String> becomes = new ArrayList<>();

        /** Returns the earlier status of each invalidation. */
        List<String> was() {
            return was;
        }

        /** Returns the new status of each reinstatement. */
        List<String> becomes() {
            return becomes;
        }
    }

    /** The state of a signature after its events. */
    static final class ExpectedSignature {
        private final String petition;
        private final String country;
        private final Map<String, CaseEvents> cases = new HashMap<>();
        private String status = "none";
        private int rounds;
        private int repeats;
        private int confirmations;
        private int withdrawals;
        private int pendingRounds;
        private int withdrawnRounds;
        private int superseded;

        ExpectedSignature(String petition, String country) {
            this.petition = petition;
            this.country = country;
        }

        String petition() {
            return petition;
        }

        /** Returns the country of the first event. */
        String country() {
            return country;
        }

        /** Returns what each case did to the signature, by the id of the case. */
        Map<String, CaseEvents> cases() {
            return cases;
        }

        /** Returns the number of mails of rounds that a later confirmation ended, perhaps before they were sent. */
        int superseded() {
            return superseded;
        }

        /** Returns the number of mails to the signer. */
        int mails() {
            return rounds + repeats + confirmations;
        }

        String status() {
            return status;
        }

        int rounds() {
            return rounds;
        }

        int repeats() {
            return repeats;
        }

        int confirmations() {
            return confirmations;
        }

        int withdrawals() {
            return withdrawals;
        }
    }

    /** The counts that a petition must have. */
    static final class ExpectedCounts {
        private final TreeSet<Long> thresholds = new TreeSet<>();
        private final Map<String, Long> statuses = new HashMap<>();
        private final Map<String, Long> countries = new TreeMap<>();
        private final Map<Instant, Long> minutes = new TreeMap<>();
        private final Map<Long, Long> milestones = new TreeMap<>();
        private long signed;
        private long repeated;
        private long confirmed;
        private long superseded;

        long count(String status) {
            return statuses.getOrDefault(status, 0L);
        }

        /** Returns the verified signatures by country. A country without any is absent. */
        Map<String, Long> countries() {
            return countries;
        }

        /** Returns the change of the verified count in each minute with a change. */
        Map<Instant, Long> minutes() {
            return minutes;
        }

        /** Returns the index of the event that first reached each milestone. */
        Map<Long, Long> milestones() {
            return milestones;
        }

        /**
         * Returns the maximum number of mails to signers: one for each round, one for each repeated signature and one
         * for each confirmation.
         */
        long mails() {
            return signed + repeated + confirmed;
        }

        /** Returns the number of mails of rounds that a later confirmation ended, perhaps before they were sent. */
        long superseded() {
            return superseded;
        }

        private void apply(String was, String becomes, String country, Instant at, long index) {
            statuses.merge(was, -1L, Long::sum);
            statuses.merge(becomes, 1L, Long::sum);
            long delta = (becomes.equals("verified") ? 1 : 0) - (was.equals("verified") ? 1 : 0);
            if (delta != 0) {
                countries.merge(country, delta, (one, other) -> one + other == 0 ? null : one + other);
                minutes.merge(at.truncatedTo(ChronoUnit.MINUTES), delta, Long::sum);
                if (thresholds.contains(count("verified"))) {
                    milestones.putIfAbsent(count("verified"), index);
                }
            }
        }
    }

    private final Map<String, ExpectedCounts> countsByPetition = new HashMap<>();
    private final Map<String, Long> readUpTo = new HashMap<>();
    private final Map<String, ExpectedSignature> states = new HashMap<>();
    private final Map<Long, ExpectedEvent> toCompare = new HashMap<>();
    /** The petition of each case. */
    private final Map<String, String> cases = new HashMap<>();

    private final BitSet indexes = new BitSet();
    /**
     * The number of entries in the public log that each public event adds: itself, and the milestone that it reaches.
     */
    private final TreeMap<Long, Integer> publicEntries = new TreeMap<>();
    /** The index of each petition's newest public event. */
    private final Map<String, Long> newestPublic = new HashMap<>();

    private final List<String> violations = new ArrayList<>();
    private long head;

    /** Adds a petition with the thresholds of its milestones. */
    void expect(String petition, List<Long> thresholds) {
        ExpectedCounts counts = new ExpectedCounts();
        counts.thresholds.addAll(thresholds);
        countsByPetition.put(petition, counts);
        readUpTo.put(petition, 0L);
    }

    /** Returns the index up to which the model has read a petition's history. */
    long readUpTo(String petition) {
        return Objects.requireNonNull(readUpTo.get(petition), petition);
    }

    /** Adds the next line of a petition's history. */
    void add(String petition, JsonNode line) {
        long index = line.path("index").asLong();
        if (index <= readUpTo(petition)) {
            violations.add("the history of " + petition + " is out of order at event " + index);
        }
        readUpTo.put(petition, index);
        if (indexes.get((int) index)) {
            violations.add("event " + index + " occurs twice");
        }
        indexes.set((int) index);
        head = Math.max(head, index);
        String signature = line.path("signature").isNull()
                ? petition
                : line.path("signature").asString();
        String type = line.path("type").asString();
        toCompare.put(
                index, new ExpectedEvent(line.path("id").asString(), type, petition, signature, line.path("data")));
        if (!line.path("signature").isNull()) {
            count(counts(petition), signature, type, line, index);
        } else if (type.equals("InvalidationCaseOpened")) {
            if (cases.put(line.path("data").path("case").asString(), petition) != null) {
                violations.add("event " + index + " opens a case again");
            }
            addPublic(petition, index, 1);
        } else if (type.startsWith("Petition") || type.equals("PrivacyNoticeChanged")) {
            addPublic(petition, index, 1);
        }
    }

    private void addPublic(String petition, long index, int entries) {
        publicEntries.put(index, entries);
        newestPublic.put(petition, index);
    }

    /** Returns the public position of the milestone that an event reached. The model must know all events before it. */
    long positionOfMilestone(long index) {
        return publicEntries.headMap(index, true).values().stream()
                .mapToLong(Integer::longValue)
                .sum();
    }

    /** Returns the number of entries that the public log must have. */
    long publicEntries() {
        return positionOfMilestone(head);
    }

    /** Returns the public position of a petition's newest public entry. */
    long newestPosition(String petition) {
        return positionOfMilestone(Objects.requireNonNull(newestPublic.get(petition), petition));
    }

    private void count(ExpectedCounts counts, String signature, String type, JsonNode line, long index) {
        JsonNode data = line.path("data");
        ExpectedSignature state = states.computeIfAbsent(
                signature,
                id -> new ExpectedSignature(
                        line.path("petition").asString(), data.path("country").asString()));
        String was = data.path("was").asString();
        String becomes = data.path("becomes").asString();
        if (!state.status.equals(was)) {
            violations.add("event " + index + " has the earlier status " + was + " of signature " + signature
                    + ", but it was " + state.status);
        }
        switch (type) {
            case "PetitionSigned" -> {
                state.rounds++;
                state.pendingRounds++;
                counts.signed++;
            }
            case "SigningRepeated" -> {
                state.repeats++;
                counts.repeated++;
            }
            case "SignatureVerified" -> {
                // The data of all other rounds ends, and with it their mails: also the thanks for the last
                // confirmation.
                int ended = state.pendingRounds - 1 + state.withdrawnRounds + (state.confirmations > 0 ? 1 : 0);
                state.confirmations++;
                counts.confirmed++;
                state.superseded += ended;
                counts.superseded += ended;
                state.pendingRounds = 0;
                state.withdrawnRounds = 0;
            }
            case "SignatureWithdrawn" -> {
                state.withdrawals++;
                state.withdrawnRounds += state.pendingRounds;
                state.pendingRounds = 0;
            }
            case "SignatureInvalidated" ->
                caseEvents(state, type, data, index).was().add(was);
            case "SignatureReinstated" ->
                caseEvents(state, type, data, index).becomes().add(becomes);
            default -> violations.add("event " + index + " is a " + type + ", which no signer requested");
        }
        state.status = becomes;
        int reached = counts.milestones().size();
        counts.apply(
                was,
                becomes,
                data.path("country").asString(),
                Instant.parse(line.path("time").asString()),
                index);
        if (was.equals("verified") != becomes.equals("verified")) {
            addPublic(
                    line.path("petition").asString(),
                    index,
                    1 + counts.milestones().size() - reached);
        }
    }

    /** Only cases invalidate and reinstate, and the event that opens a case comes first. */
    private CaseEvents caseEvents(ExpectedSignature state, String type, JsonNode data, long index) {
        String id = data.path("case").asString("");
        if (!state.petition.equals(cases.get(id))) {
            violations.add("event " + index + " is a " + type + " without an open case of the petition");
        }
        return state.cases.computeIfAbsent(id, opened -> new CaseEvents());
    }

    /** Returns the number of cases that were opened. */
    int cases() {
        return cases.size();
    }

    /** Returns the states of the signatures of a petition, by their ids. */
    Map<String, ExpectedSignature> signaturesOf(String petition) {
        Map<String, ExpectedSignature> found = new TreeMap<>(states);
        found.values().removeIf(state -> !state.petition.equals(petition));
        return found;
    }

    /** Returns the expected counts of a petition. */
    ExpectedCounts counts(String petition) {
        return Objects.requireNonNull(countsByPetition.get(petition), petition);
    }

    /** Returns the expected counts of all petitions. */
    Map<String, ExpectedCounts> countsByPetition() {
        return countsByPetition;
    }

    /** Returns the state of a signature, if it has any events. */
    Optional<ExpectedSignature> state(String signature) {
        return Optional.ofNullable(states.get(signature));
    }

    /** Returns the number of signatures. */
    int signatures() {
        return states.size();
    }

    /** Returns the index of the newest event. */
    long head() {
        return head;
    }

    /** Returns the number of missing indexes up to the newest event. */
    long missing() {
        return head - indexes.cardinality();
    }

    /** Removes and returns the event with an index, if it has not been compared. */
    Optional<ExpectedEvent> take(long index) {
        return Optional.ofNullable(toCompare.remove(index));
    }

    /** Returns the number of events that have not been compared. */
    int left() {
        return toCompare.size();
    }

    /** Removes and returns the violations in the history itself. */
    List<String> violations() {
        List<String> found = List.copyOf(violations);
        violations.clear();
        return found;
    }
}
