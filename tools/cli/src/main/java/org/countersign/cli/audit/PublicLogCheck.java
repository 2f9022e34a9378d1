package org.countersign.cli.audit;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * One walk through a public log. It holds the right edge of the tree and the counts of each petition, nothing of single
 * signatures.
 */
final class PublicLogCheck {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> SHOWN = List.of("verified", "pending", "withdrawn");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SLACK = Duration.ofMinutes(10);

    /** A petition's counts by the log's entries. */
    private static final class Counts {
        private final Map<String, Long> standing = new HashMap<>();
        private long lastIndex;

        void move(JsonNode entry) {
            standing.merge(entry.path("was").asString(""), -1L, Long::sum);
            standing.merge(entry.path("becomes").asString(""), 1L, Long::sum);
        }

        long of(String status) {
            return standing.getOrDefault(status, 0L);
        }
    }

    private final PublicLogClient log;
    private final LogKey key;
    private final ProgressBar progress;
    private final List<String> problems = new ArrayList<>();
    private final TreeBuilder tree = new TreeBuilder();
    private final Map<String, Counts> counts = new TreeMap<>();
    /** What the counter shows of a petition, until the walk comes to the event it is as of. */
    private final Map<String, JsonNode> shown = new HashMap<>();

    private Instant newest = Instant.EPOCH;

    PublicLogCheck(PublicLogClient log, LogKey key, ProgressBar progress) {
        this.log = log;
        this.key = key;
        this.progress = progress;
    }

    /** What does not hold, in words. */
    List<String> problems() {
        return problems;
    }

    /**
     * Walks through the log.
     *
     * @param known the head that was checked last, null if none was
     * @return the head that was checked now
     */
    SignedNote run(SignedNote known) {
        SignedNote note = head();
        Checkpoint before = before(known, Checkpoint.parse(note.text()));
        if (!problems.isEmpty()) {
            return note;
        }
        walk(Checkpoint.parse(note.text()), before);
        // The counter goes on counting while this walks: what it shows now is held against the log as far as that.
        long wanted = askCounter();
        if (wanted > tree.size()) {
            note = headOf(wanted);
            walk(Checkpoint.parse(note.text()), before);
        }
        progress.end();
        shown.forEach((petition, counted) -> problems.add("The counter shows " + petition + " as of event "
                + counted.path("asOfIndex").asLong() + ", which is none of its events in the log."));
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
        long deadline = System.nanoTime() + PATIENCE.toNanos();
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

    private Checkpoint before(SignedNote known, Checkpoint head) {
        if (known == null) {
            return new Checkpoint(head.origin(), 0, Merkle.emptyRoot());
        }
        if (!known.isSignedBy(key)) {
            throw new UserException("The head that was checked last is not signed by " + key.name() + ".");
        }
        Checkpoint before = Checkpoint.parse(known.text());
        if (before.size() > head.size()) {
            problems.add("The log was rolled back: it had %,d entries when it was last checked and has %,d now."
                    .formatted(before.size(), head.size()));
        }
        return before;
    }

    private void walk(Checkpoint head, Checkpoint before) {
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
            problems.add("The entries that the log serves are not those that its head of %,d entries was signed for."
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
            problems.add("The first %,d entries are not those that were there when the log was last checked."
                    .formatted(before.size()));
        }
        long index = tree.size();
        JsonNode entry = JSON.readTree(bytes);
        if (entry.path("index").asLong() != index) {
            problems.add("Event " + index + " says that it is event "
                    + entry.path("index").asLong() + ".");
        }
        checkTime(index, Instant.parse(entry.path("time").asString()));
        String petition = entry.path("petition").asString("");
        Counts sums = counts.computeIfAbsent(petition, key -> new Counts());
        if (entry.hasNonNull("signature")) {
            sums.move(entry);
        }
        sums.lastIndex = index;
        JsonNode atIndex = shown.get(petition);
        if (atIndex != null && atIndex.path("asOfIndex").asLong() == index) {
            compare(petition, sums, shown.remove(petition));
        }
    }

    /** Events are appended within moments of their time; what is long before an earlier one was put in later. */
    private void checkTime(long index, Instant time) {
        if (time.isBefore(newest.minus(SLACK))) {
            problems.add("Event " + index + " is dated " + time + ", but comes after one of " + newest + ".");
        } else if (time.isAfter(newest)) {
            newest = time;
        }
    }

    /**
     * Asks what the counter shows of each petition and compares what the log has come to; answers how far the log has
     * to go for the rest.
     */
    private long askCounter() {
        long wanted = 0;
        for (Map.Entry<String, Counts> entry : counts.entrySet()) {
            JsonNode now = shownAtLeast(entry.getKey(), entry.getValue().lastIndex);
            long asOf = now == null ? -1 : now.path("asOfIndex").asLong();
            if (asOf < entry.getValue().lastIndex) {
                problems.add(
                        "The counter " + (now == null ? "does not know " : "stands still for ") + entry.getKey() + ".");
            } else if (asOf == entry.getValue().lastIndex) {
                compare(entry.getKey(), entry.getValue(), now);
            } else {
                shown.put(entry.getKey(), now);
                wanted = Math.max(wanted, asOf);
            }
        }
        return wanted;
    }

    private JsonNode shownAtLeast(String petition, long index) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        JsonNode now = log.counts(petition).orElse(null);
        while ((now == null || now.path("asOfIndex").asLong() < index) && System.nanoTime() < deadline) {
            pause();
            now = log.counts(petition).orElse(null);
        }
        return now;
    }

    private void compare(String petition, Counts sums, JsonNode now) {
        for (String status : SHOWN) {
            if (now.path(status).asLong() != sums.of(status)) {
                problems.add("%s: the counter shows %,d %s as of event %d, the log makes it %,d."
                        .formatted(
                                petition,
                                now.path(status).asLong(),
                                status,
                                now.path("asOfIndex").asLong(),
                                sums.of(status)));
            }
        }
    }
}
