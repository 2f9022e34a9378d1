package org.countersign.faulttest;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The history of all petitions as an auditor is told it, event by event, counted by the rules as they are published and
 * by nothing of the services' own code.
 */
final class ReferenceModel {

    /** An event, as far as it must be the same elsewhere. */
    record Entry(String id, String type, String petition, String subject, JsonNode data) {}

    /** What has happened to a signature. */
    static final class Life {
        private String status = "none";
        private int rounds;
        private int repeats;
        private int confirmations;
        private int withdrawals;

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

    /** What a petition's counts must be. */
    static final class Tally {
        private final TreeSet<Long> thresholds = new TreeSet<>();
        private final Map<String, Long> statuses = new HashMap<>();
        private final Map<String, Long> countries = new TreeMap<>();
        private final Map<Instant, Long> minutes = new TreeMap<>();
        private final Map<Long, Long> milestones = new TreeMap<>();
        private long signed;
        private long repeated;
        private long confirmed;

        long count(String status) {
            return statuses.getOrDefault(status, 0L);
        }

        /** Verified signatures by country; none has nothing. */
        Map<String, Long> countries() {
            return countries;
        }

        /** By how much the verified count moved in each minute in which it did. */
        Map<Instant, Long> minutes() {
            return minutes;
        }

        /** Each milestone, and the index of the event that first took the count to it. */
        Map<Long, Long> milestones() {
            return milestones;
        }

        /**
         * How many mails to signers the history causes: one to confirm a round, one to whoever signs twice, one to
         * thank.
         */
        long mails() {
            return signed + repeated + confirmed;
        }

        private void move(String was, String becomes, String country, Instant at, long index) {
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

    private final Map<String, Tally> tallies = new HashMap<>();
    private final Map<String, Long> readUpTo = new HashMap<>();
    private final Map<String, Life> lives = new HashMap<>();
    private final Map<Long, Entry> toCompare = new HashMap<>();
    private final BitSet indexes = new BitSet();
    private final List<String> broken = new ArrayList<>();
    private long head;

    /** A petition whose history is kept here, and at which counts its milestones are. */
    void expect(String petition, List<Long> thresholds) {
        Tally tally = new Tally();
        tally.thresholds.addAll(thresholds);
        tallies.put(petition, tally);
        readUpTo.put(petition, 0L);
    }

    /** The index up to which a petition's history has been read. */
    long readUpTo(String petition) {
        return readUpTo.get(petition);
    }

    /** Adds the next line of a petition's history. */
    void add(String petition, JsonNode line) {
        long index = line.path("index").asLong();
        if (index <= readUpTo.put(petition, index)) {
            broken.add("the history of " + petition + " is out of order at event " + index);
        }
        if (indexes.get((int) index)) {
            broken.add("event " + index + " is there twice");
        }
        indexes.set((int) index);
        head = Math.max(head, index);
        String signature = line.path("signature").isNull()
                ? petition
                : line.path("signature").asString();
        String type = line.path("type").asString();
        toCompare.put(index, new Entry(line.path("id").asString(), type, petition, signature, line.path("data")));
        if (!line.path("signature").isNull()) {
            count(tallies.get(petition), signature, type, line, index);
        }
    }

    private void count(Tally tally, String signature, String type, JsonNode line, long index) {
        Life life = lives.computeIfAbsent(signature, id -> new Life());
        JsonNode data = line.path("data");
        String was = data.path("was").asString();
        String becomes = data.path("becomes").asString();
        if (!life.status.equals(was)) {
            broken.add("event " + index + " says that signature " + signature + " was " + was + ", and it was "
                    + life.status);
        }
        switch (type) {
            case "PetitionSigned" -> {
                life.rounds++;
                tally.signed++;
            }
            case "SigningRepeated" -> {
                life.repeats++;
                tally.repeated++;
            }
            case "SignatureVerified" -> {
                life.confirmations++;
                tally.confirmed++;
            }
            case "SignatureWithdrawn" -> life.withdrawals++;
            default -> broken.add("event " + index + " is a " + type + ", which nobody has asked for");
        }
        life.status = becomes;
        tally.move(
                was,
                becomes,
                data.path("country").asString(),
                Instant.parse(line.path("time").asString()),
                index);
    }

    /** The petitions and what their counts must be. */
    Map<String, Tally> tallies() {
        return tallies;
    }

    /** What happened to a signature; null if nothing did. */
    Life life(String signature) {
        return lives.get(signature);
    }

    /** How many signatures there are. */
    int signatures() {
        return lives.size();
    }

    /** The index of the newest event. */
    long head() {
        return head;
    }

    /** How many indexes up to the newest have no event. */
    long missing() {
        return head - indexes.cardinality();
    }

    /** The event with an index, given once; null if there is none to compare. */
    Entry take(long index) {
        return toCompare.remove(index);
    }

    /** How many events have not been compared yet. */
    int left() {
        return toCompare.size();
    }

    /** What is wrong with the history itself, told once. */
    List<String> broken() {
        List<String> found = List.copyOf(broken);
        broken.clear();
        return found;
    }
}
