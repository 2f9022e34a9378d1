package org.countersign.cli.audit;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.countersign.localstack.client.ProgressBar;
import org.countersign.localstack.client.UserException;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.Merkle;
import org.countersign.transparency.SignedNote;
import org.countersign.transparency.Tile;
import org.countersign.transparency.TreeBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Verifies a public log in one pass. Memory holds the right edge of the tree and the counts of each petition, and no
 * data of single signatures.
 */
final class PublicLogCheck {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> STATUSES = List.of("verified", "pending", "withdrawn");
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(10);

    /** Counts of a petition, folded from the log's entries. */
    private static final class FoldedCounts {
        private final Map<String, Long> byStatus = new HashMap<>();
        private long lastIndex;

        void apply(JsonNode entry) {
            byStatus.merge(entry.path("was").asString(""), -1L, Long::sum);
            byStatus.merge(entry.path("becomes").asString(""), 1L, Long::sum);
        }

        long of(String status) {
            return byStatus.getOrDefault(status, 0L);
        }
    }

    private final PublicLogClient log;
    private final LogKey key;
    private final ProgressBar progress;
    private final List<String> problems = new ArrayList<>();
    private final TreeBuilder tree = new TreeBuilder();
    private final Map<String, FoldedCounts> counts = new TreeMap<>();
    /** The counter's counts of a petition, kept until the pass reaches the event that they include last. */
    private final Map<String, JsonNode> reported = new HashMap<>();

    private Instant newest = Instant.EPOCH;

    PublicLogCheck(PublicLogClient log, LogKey key, ProgressBar progress) {
        this.log = log;
        this.key = key;
        this.progress = progress;
    }

    /** Returns a sentence for each problem found. */
    List<String> problems() {
        return problems;
    }

    /**
     * Verifies the log from its first entry.
     *
     * @param known the head of the last check, if there was one
     * @return the head that this check verified
     * @throws UserException if a signature is invalid, or the log or the counter does not respond
     */
    SignedNote run(Optional<SignedNote> known) {
        SignedNote note = head();
        Checkpoint before = knownHead(known, Checkpoint.parse(note.text()));
        if (!problems.isEmpty()) {
            return note;
        }
        readEntries(Checkpoint.parse(note.text()), before);
        // The counter continues to count during the pass. Its counts are compared with the log at the same event.
        long wanted = compareWithCounter();
        if (wanted > tree.size()) {
            note = headOf(wanted);
            readEntries(Checkpoint.parse(note.text()), before);
        }
        progress.end();
        reported.forEach((petition, counted) -> problems.add("The counter reports " + petition + " as of event "
                + counted.path("asOfIndex").asLong() + ", which is not an event of this petition in the log."));
        return note;
    }

    private SignedNote head() {
        SignedNote note = log.head();
        if (!note.isSignedBy(key)) {
            throw new UserException("The log's head is not signed by " + key.name() + ".");
        }
        return note;
    }

    private SignedNote headOf(long size) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        SignedNote note = head();
        while (Checkpoint.parse(note.text()).size() < size && System.nanoTime() < deadline) {
            pause();
            note = head();
        }
        return note;
    }

    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("Stopped.");
        }
    }

    private Checkpoint knownHead(Optional<SignedNote> known, Checkpoint head) {
        if (known.isEmpty()) {
            return new Checkpoint(head.origin(), 0, Merkle.emptyRoot());
        }
        if (!known.get().isSignedBy(key)) {
            throw new UserException("The head of the last check is not signed by " + key.name() + ".");
        }
        Checkpoint before = Checkpoint.parse(known.get().text());
        if (before.size() > head.size()) {
            problems.add("The log was rolled back. It had %,d entries at the last check and has %,d now."
                    .formatted(before.size(), head.size()));
        }
        return before;
    }

    private void readEntries(Checkpoint head, Checkpoint before) {
        while (tree.size() < head.size()) {
            long number = tree.size() / Tile.FULL;
            int width = (int) Math.min(Tile.FULL, head.size() - number * Tile.FULL);
            ByteBuffer bundle = ByteBuffer.wrap(log.entries(new Tile(0, number, width)));
            int seen = (int) (tree.size() % Tile.FULL);
            for (int i = 0; i < width; i++) {
                byte[] entry = next(bundle, number * Tile.FULL + i);
                if (i >= seen) {
                    append(entry, before);
                }
            }
            progress.show((double) tree.size() / head.size(), "%,d of %,d entries".formatted(tree.size(), head.size()));
        }
        if (!Arrays.equals(tree.root(), head.root())) {
            problems.add("The entries that the log serves do not match its signed head of %,d entries."
                    .formatted(head.size()));
        }
    }

    private static byte[] next(ByteBuffer bundle, long number) {
        int length = bundle.remaining() < 2 ? -1 : Short.toUnsignedInt(bundle.getShort());
        if (length < 0 || bundle.remaining() < length) {
            throw new UserException("The log does not serve its entry " + number + ".");
        }
        byte[] entry = new byte[length];
        bundle.get(entry);
        return entry;
    }

    private void append(byte[] bytes, Checkpoint before) {
        tree.append(Merkle.leafHash(bytes));
        if (tree.size() == before.size() && !Arrays.equals(tree.root(), before.root())) {
            problems.add("The first %,d entries have changed since the last check.".formatted(before.size()));
        }
        long index = tree.size();
        JsonNode entry = JSON.readTree(bytes);
        if (entry.path("index").asLong() != index) {
            problems.add(
                    "Event " + index + " has the index " + entry.path("index").asLong() + ".");
        }
        checkTime(index, Instant.parse(entry.path("time").asString()));
        String petition = entry.path("petition").asString("");
        FoldedCounts folded = counts.computeIfAbsent(petition, key -> new FoldedCounts());
        if (entry.hasNonNull("signature")) {
            folded.apply(entry);
        }
        folded.lastIndex = index;
        JsonNode counted = reported.get(petition);
        if (counted != null && asOfIndex(counted) == index) {
            reported.remove(petition);
            compare(petition, folded, counted);
        }
    }

    /**
     * The service appends an event within seconds of its time. A time far before an earlier event's shows backdating.
     */
    private void checkTime(long index, Instant time) {
        if (time.isBefore(newest.minus(MAX_CLOCK_SKEW))) {
            problems.add("Event " + index + " is dated " + time + ", but follows an event dated " + newest + ".");
        } else if (time.isAfter(newest)) {
            newest = time;
        }
    }

    /**
     * Compares the counter's counts of each petition with the log, as far as the pass has read it.
     *
     * @return the index up to which the pass must continue to compare the rest, or 0
     */
    private long compareWithCounter() {
        long wanted = 0;
        for (Map.Entry<String, FoldedCounts> entry : counts.entrySet()) {
            String petition = entry.getKey();
            long lastIndex = entry.getValue().lastIndex;
            Optional<JsonNode> counted = awaitCounts(petition, lastIndex);
            if (counted.isEmpty()) {
                problems.add("The counter does not know " + petition + ".");
                continue;
            }
            long asOf = asOfIndex(counted.get());
            if (asOf < lastIndex) {
                problems.add("The counter makes no progress for " + petition + ".");
            } else if (asOf == lastIndex) {
                compare(petition, entry.getValue(), counted.get());
            } else {
                reported.put(petition, counted.get());
                wanted = Math.max(wanted, asOf);
            }
        }
        return wanted;
    }

    /** Polls the counter until its counts include the event, or the timeout ends. */
    private Optional<JsonNode> awaitCounts(String petition, long index) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        Optional<JsonNode> counted = log.counts(petition);
        while (counted.filter(counts -> asOfIndex(counts) >= index).isEmpty() && System.nanoTime() < deadline) {
            pause();
            counted = log.counts(petition);
        }
        return counted;
    }

    private static long asOfIndex(JsonNode counts) {
        return counts.path("asOfIndex").asLong();
    }

    private void compare(String petition, FoldedCounts folded, JsonNode counted) {
        for (String status : STATUSES) {
            if (counted.path(status).asLong() != folded.of(status)) {
                problems.add("%s: the counter reports %,d %s as of event %d, the log has %,d."
                        .formatted(
                                petition,
                                counted.path(status).asLong(),
                                status,
                                counted.path("asOfIndex").asLong(),
                                folded.of(status)));
            }
        }
    }
}
