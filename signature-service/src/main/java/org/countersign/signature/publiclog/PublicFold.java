package org.countersign.signature.publiclog;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.countersign.counting.CountedEvent;
import org.countersign.counting.Fold;
import org.countersign.counting.PetitionCounts;
import org.countersign.events.MilestoneReached;
import org.countersign.events.SignatureStatus;

/** Folds public events, in log order, into the entries that they add to the public log. */
final class PublicFold {

    private final Map<String, PetitionCounts> counts = new HashMap<>();
    private final Map<String, LoggedPetition> petitions = new HashMap<>();
    private Fold fold;

    /**
     * Continues after stored entries.
     *
     * @param logged the petitions as of the last entry
     */
    PublicFold(Collection<LoggedPetition> logged) {
        for (LoggedPetition petition : logged) {
            petitions.put(petition.petition(), petition);
            counts.put(
                    petition.petition(),
                    new PetitionCounts(
                            petition.milestones(),
                            Map.of(SignatureStatus.VERIFIED, petition.verified()),
                            petition.lastMilestone(),
                            0,
                            0,
                            Instant.EPOCH));
        }
        fold = new Fold(counts);
    }

    /** Tells whether the log can take the event: the event publishes its petition, or the petition was published. */
    boolean takes(CountedEvent event) {
        return event.published().isPresent()
                || petitions.containsKey(event.petition().value());
    }

    /**
     * Adds a public event.
     *
     * @param position the position of its entry
     * @return its entry, and one for each milestone that it reaches
     */
    List<EntryRef> add(CountedEvent event, long position) {
        int reachedBefore = fold.milestones().size();
        fold.add(event);
        event.published().ifPresent(published -> {
            String text = PetitionTexts.of(published).fingerprint();
            petitions.put(event.petition().value(), logged(event.petition().value(), position, text));
        });
        List<EntryRef> entries = new ArrayList<>();
        entries.add(EntryRef.ofEvent(event.index()));
        for (MilestoneReached reached :
                fold.milestones().subList(reachedBefore, fold.milestones().size())) {
            entries.add(new EntryRef(event.index(), reached.threshold()));
        }
        return entries;
    }

    /** Returns the fingerprint of a petition's text. */
    String text(String petition) {
        return logged(petition).text();
    }

    /** Returns the petitions that have changed since the last call. */
    List<LoggedPetition> takeChanged() {
        List<LoggedPetition> changed = fold.changes().stream()
                .map(change -> {
                    LoggedPetition before = logged(change.petition());
                    return logged(before.petition(), before.position(), before.text());
                })
                .toList();
        fold = new Fold(counts);
        return changed;
    }

    private LoggedPetition logged(String petition) {
        return Objects.requireNonNull(petitions.get(petition), petition);
    }

    private LoggedPetition logged(String petition, long position, String text) {
        PetitionCounts now = Objects.requireNonNull(counts.get(petition), petition);
        return new LoggedPetition(petition, position, text, now.milestones(), now.verified(), now.lastMilestone());
    }
}
