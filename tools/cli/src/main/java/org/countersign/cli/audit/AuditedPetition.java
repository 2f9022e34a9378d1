package org.countersign.cli.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.countersign.counting.Milestones;
import org.countersign.transparency.PetitionText;
import tools.jackson.databind.JsonNode;

/** A petition as the entries of the public log make it. */
final class AuditedPetition {

    private final int number;
    private final PetitionText text;
    private final Milestones milestones;
    private long verified;
    private long lastMilestone;
    private long lastIndex;

    /**
     * Reads the entry that publishes a petition.
     *
     * @param number the number of the petition in this check, from 0
     */
    AuditedPetition(int number, JsonNode entry) {
        this.number = number;
        this.text = text(entry);
        List<Long> own = new ArrayList<>();
        entry.path("milestones").forEach(milestone -> own.add(milestone.asLong()));
        this.milestones = new Milestones(own, text.goal());
    }

    /** Reads the text of a petition from an entry, or from the answer of the service. */
    static PetitionText text(JsonNode json) {
        List<String> recipients = new ArrayList<>();
        json.path("recipients").forEach(recipient -> recipients.add(recipient.asString("")));
        return new PetitionText(
                json.path("title").asString(""),
                json.path("statement").asString(""),
                recipients,
                json.path("goal").asLong(0),
                json.path("language").asString(""));
    }

    /** Changes the verified count. Returns the milestone that it reaches for the first time. */
    OptionalLong count(int delta) {
        verified += delta;
        return nextMilestone().stream()
                .filter(milestone -> milestone <= verified)
                .findFirst();
    }

    void reached(long milestone) {
        lastMilestone = milestone;
    }

    void seen(long index) {
        lastIndex = index;
    }

    int number() {
        return number;
    }

    PetitionText text() {
        return text;
    }

    long verified() {
        return verified;
    }

    long lastMilestone() {
        return lastMilestone;
    }

    OptionalLong nextMilestone() {
        return milestones.after(lastMilestone);
    }

    /** Returns the position of its newest entry. */
    long lastIndex() {
        return lastIndex;
    }
}
