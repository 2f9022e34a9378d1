package org.countersign.cli.audit;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.countersign.cli.audit.LastEntries.LastEntry;
import org.countersign.cli.audit.LastEntries.PublicStatus;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Follows the entries of a public log in order: each signature from entry to entry, the counts and milestones that
 * follow from them, and the text that each signature is for.
 */
final class EntryAudit {

    private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(10);
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Map<String, PublicStatus> STATUS_AFTER = Map.of(
            "SignatureVerified", PublicStatus.VERIFIED,
            "SignatureReinstated", PublicStatus.VERIFIED,
            "SignatureWithdrawn", PublicStatus.WITHDRAWN,
            "SignatureInvalidated", PublicStatus.INVALIDATED);

    /** A milestone whose entry has to be next. */
    private record DueMilestone(String petition, long threshold) {}

    private final Consumer<String> problems;
    private final Map<String, AuditedPetition> petitions = new TreeMap<>();
    private final LastEntries signatures = new LastEntries();
    private final Map<String, String> cases = new HashMap<>();
    private Instant newest = Instant.EPOCH;
    private @Nullable DueMilestone due;

    /** @param problems takes a sentence for each problem */
    EntryAudit(Consumer<String> problems) {
        this.problems = problems;
    }

    /** Returns the petitions by slug, as of the last entry. */
    Map<String, AuditedPetition> petitions() {
        return petitions;
    }

    /**
     * Follows the next entry.
     *
     * @param index its position, from 1
     */
    void add(long index, JsonNode entry) {
        if (entry.path("index").asLong() != index) {
            report(index, "has the index " + entry.path("index").asLong());
        }
        checkTime(index, entry.path("time").asString(""));
        String type = entry.path("type").asString("");
        String slug = entry.path("petition").asString("");
        checkMilestone(index, entry, type, slug);
        if (type.equals("PetitionPublished")) {
            publish(index, entry, slug);
        }
        AuditedPetition petition = petitions.get(slug);
        if (petition == null) {
            report(index, "is of the petition " + slug + ", which was never published");
            return;
        }
        petition.seen(index);
        switch (type) {
            case "PetitionPublished", "PetitionClosed", "PetitionReopened", "PrivacyNoticeChanged" ->
                requireHash(index, entry, "commitment");
            case "InvalidationCaseOpened" -> openCase(index, entry, slug);
            case "MilestoneReached" -> petition.reached(entry.path("threshold").asLong());
            default -> follow(index, entry, type, slug, petition);
        }
    }

    /** Reports a milestone whose entry should have followed the last one. */
    void end() {
        if (due != null) {
            problems.accept("%s: the entry of the milestone %,d is missing at the end of the log."
                    .formatted(due.petition(), due.threshold()));
        }
    }

    private void report(long index, String problem) {
        problems.accept("Entry " + index + " " + problem + ".");
    }

    /** The service appends an entry within seconds of its time. A time far before an earlier entry's is backdated. */
    private void checkTime(long index, String text) {
        Instant time;
        try {
            time = Instant.parse(text);
        } catch (DateTimeException e) {
            report(index, "has no time");
            return;
        }
        if (time.isBefore(newest.minus(MAX_CLOCK_SKEW))) {
            report(index, "is dated " + time + ", but follows an entry dated " + newest);
        } else if (time.isAfter(newest)) {
            newest = time;
        }
    }

    private void checkMilestone(long index, JsonNode entry, String type, String slug) {
        DueMilestone found = type.equals("MilestoneReached")
                ? new DueMilestone(slug, entry.path("threshold").asLong())
                : null;
        if (due != null && !due.equals(found)) {
            report(index, "should be the milestone %,d of %s".formatted(due.threshold(), due.petition()));
        } else if (due == null && found != null) {
            report(index, "is the milestone %,d of %s, which was not reached".formatted(found.threshold(), slug));
        }
        due = null;
    }

    private void publish(long index, JsonNode entry, String slug) {
        AuditedPetition published = new AuditedPetition(petitions.size(), entry);
        if (petitions.putIfAbsent(slug, published) != null) {
            report(index, "publishes the petition " + slug + " again");
        }
        if (!entry.path("text").asString("").equals(published.text().fingerprint())) {
            report(index, "names another fingerprint than that of the text of " + slug);
        }
    }

    private void openCase(long index, JsonNode entry, String slug) {
        requireHash(index, entry, "commitment");
        if (cases.putIfAbsent(entry.path("case").asString(""), slug) != null) {
            report(index, "opens the case " + entry.path("case").asString("") + " again");
        }
    }

    /** An invalidation or reinstatement of a case follows the entry that opens the case. */
    private void checkCase(long index, JsonNode entry, String slug) {
        if (entry.has("case") && !slug.equals(cases.get(entry.path("case").asString("")))) {
            report(index, "names the case " + entry.path("case").asString("") + ", which was not opened for " + slug);
        }
    }

    private void follow(long index, JsonNode entry, String type, String slug, AuditedPetition petition) {
        PublicStatus becomes = STATUS_AFTER.get(type);
        if (becomes == null) {
            report(index, "has the unknown type " + type);
            return;
        }
        UUID signature;
        try {
            signature = UUID.fromString(entry.path("signature").asString(""));
        } catch (IllegalArgumentException e) {
            report(index, "names no signature");
            return;
        }
        checkStatus(index, entry, becomes, signatures.put(signature, petition.number(), becomes), petition);
        if (!entry.path("text").asString("").equals(petition.text().fingerprint())) {
            report(index, "is for another text than that of " + slug);
        }
        checkCase(index, entry, slug);
        requireHash(index, entry, "commitment");
        if (becomes == PublicStatus.VERIFIED) {
            requireHash(index, entry, "signed");
        }
        boolean counted = entry.path("was").asString("").equals(PublicStatus.VERIFIED.text());
        OptionalLong reached = petition.count((becomes == PublicStatus.VERIFIED ? 1 : 0) - (counted ? 1 : 0));
        due = reached.isPresent() ? new DueMilestone(slug, reached.getAsLong()) : null;
    }

    private void checkStatus(
            long index, JsonNode entry, PublicStatus becomes, LastEntry before, AuditedPetition petition) {
        String signature = entry.path("signature").asString("");
        if (!entry.path("was").asString("").equals(before.status().text())) {
            report(
                    index,
                    "says that the signature %s was %s, but it was %s"
                            .formatted(
                                    signature,
                                    entry.path("was").asString(""),
                                    before.status().text()));
        }
        if (!entry.path("becomes").asString("").equals(becomes.text())) {
            report(
                    index,
                    "says that the signature becomes " + entry.path("becomes").asString(""));
        }
        if ((before.status() == PublicStatus.VERIFIED) == (becomes == PublicStatus.VERIFIED)) {
            report(index, "does not change whether the signature " + signature + " counts");
        }
        if (before.petition() != petition.number()) {
            report(index, "is of another petition than the entry before of the signature " + signature);
        }
    }

    private void requireHash(long index, JsonNode entry, String name) {
        if (!HASH.matcher(entry.path(name).asString("")).matches()) {
            report(index, "has no hash in the field '" + name + "'");
        }
    }
}
