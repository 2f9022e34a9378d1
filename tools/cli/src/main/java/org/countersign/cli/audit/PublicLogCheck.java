package org.countersign.cli.audit;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.countersign.localstack.client.ProgressBar;
import org.countersign.localstack.client.UserException;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.Merkle;
import org.countersign.transparency.PetitionText;
import org.countersign.transparency.SignedNote;
import org.countersign.transparency.Tile;
import org.countersign.transparency.TreeBuilder;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Verifies a public log in one pass. Memory holds the right edge of the tree, the petitions, and the status of each
 * signature.
 */
final class PublicLogCheck {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final PublicLogClient log;
    private final LogKey key;
    private final ProgressBar progress;
    private final List<String> problems = new ArrayList<>();
    private final TreeBuilder tree = new TreeBuilder();
    private final EntryAudit audit = new EntryAudit(problems::add);
    /** The counter's counts of a petition, kept until the pass reaches their position. */
    private final Map<String, JsonNode> reported = new HashMap<>();

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
        // The counter continues to count during the pass. Its counts are compared with the log at their position.
        long wanted = compareWithCounter();
        if (wanted > tree.size()) {
            note = headOf(wanted);
            readEntries(Checkpoint.parse(note.text()), before);
        }
        progress.end();
        audit.end();
        reported.forEach((petition, counted) -> problems.add("The counter reports " + petition + " as of entry "
                + position(counted) + ", which is not an entry of this petition in the log."));
        audit.petitions().forEach(this::compareWithPage);
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
        audit(tree.size(), bytes);
    }

    private void audit(long index, byte[] bytes) {
        JsonNode entry;
        try {
            entry = JSON.readTree(bytes);
        } catch (JacksonException e) {
            problems.add("Entry " + index + " is not JSON.");
            return;
        }
        audit.add(index, entry);
        String petition = entry.path("petition").asString("");
        JsonNode counted = reported.get(petition);
        AuditedPetition audited = audit.petitions().get(petition);
        if (counted != null && audited != null && position(counted) == index) {
            reported.remove(petition);
            compare(petition, audited, counted);
        }
    }

    /**
     * Compares the counter's counts of each petition with the log, as far as the pass has read it.
     *
     * @return the position up to which the pass must continue to compare the rest, or 0
     */
    private long compareWithCounter() {
        long wanted = 0;
        // One deadline for all, so that a counter that is down does not cost the timeout for each petition.
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        for (Map.Entry<String, AuditedPetition> entry : audit.petitions().entrySet()) {
            String petition = entry.getKey();
            long lastIndex = entry.getValue().lastIndex();
            Optional<JsonNode> counted = awaitCounts(petition, lastIndex, deadline);
            if (counted.isEmpty()) {
                problems.add("The counter does not know " + petition + ".");
                continue;
            }
            long position = position(counted.get());
            if (position < lastIndex) {
                problems.add("The counter makes no progress for " + petition + ".");
            } else if (position == lastIndex) {
                compare(petition, entry.getValue(), counted.get());
            } else {
                reported.put(petition, counted.get());
                wanted = Math.max(wanted, position);
            }
        }
        return wanted;
    }

    /** Polls the counter until its counts include the entry, or the deadline has passed. */
    private Optional<JsonNode> awaitCounts(String petition, long index, long deadline) {
        Optional<JsonNode> counted = log.counts(petition);
        while (counted.filter(counts -> position(counts) >= index).isEmpty() && System.nanoTime() < deadline) {
            pause();
            counted = log.counts(petition);
        }
        return counted;
    }

    private static long position(JsonNode counts) {
        return counts.path("position").asLong();
    }

    private void compare(String petition, AuditedPetition audited, JsonNode counted) {
        compare(petition, counted, "verified", audited.verified());
        compare(petition, counted, "goal", audited.text().goal());
        compare(petition, counted, "lastMilestone", audited.lastMilestone());
        compare(petition, counted, "nextMilestone", audited.nextMilestone().orElse(0));
    }

    private void compare(String petition, JsonNode counted, String field, long logged) {
        long shown = counted.path(field).asLong(0);
        if (shown != logged) {
            problems.add("%s: as of entry %d, the counter reports %s %,d, the log has %,d."
                    .formatted(petition, position(counted), field, shown, logged));
        }
    }

    /** Compares the text that the service shows with the text of the log. */
    private void compareWithPage(String petition, AuditedPetition audited) {
        Optional<JsonNode> answer = log.petition(petition);
        if (answer.isEmpty()) {
            problems.add("The service does not show " + petition + ", which is in the log.");
            return;
        }
        PetitionText shown = AuditedPetition.text(answer.get());
        PetitionText logged = audited.text();
        List<String> changed = new ArrayList<>();
        addIfDifferent("title", shown.title(), logged.title(), changed);
        addIfDifferent("statement", shown.statement(), logged.statement(), changed);
        addIfDifferent("recipients", shown.recipients(), logged.recipients(), changed);
        addIfDifferent("goal", shown.goal(), logged.goal(), changed);
        addIfDifferent("language", shown.language(), logged.language(), changed);
        if (!changed.isEmpty()) {
            problems.add("%s: the service shows another %s than the log. The signed text has the fingerprint %s."
                    .formatted(petition, String.join(", ", changed), logged.fingerprint()));
        }
    }

    private static void addIfDifferent(String field, Object shown, Object logged, List<String> changed) {
        if (!shown.equals(logged)) {
            changed.add(field);
        }
    }
}
