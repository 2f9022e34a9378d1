package org.countersign.signature.domain.petition;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.countersign.events.PetitionClosed;
import org.countersign.events.PetitionEvent;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionReopened;
import org.countersign.events.PetitionSlug;

/**
 * A petition as it stands after its latest event.
 *
 * @param statement in Markdown
 * @param milestones the organiser's own, rising; empty for the default ladder
 * @param organiser the organiser's name, empty if it was erased
 * @param publishedAt when it went public
 * @param closesAt when it closes by itself
 * @param closedAt when it was closed, if it is
 */
public record Petition(
        PetitionSlug slug,
        String title,
        String statement,
        List<String> recipients,
        long goal,
        List<Long> milestones,
        String language,
        String organiser,
        Instant publishedAt,
        Optional<Instant> closesAt,
        Optional<Instant> closedAt) {

    /** How long after its closing a petition still takes confirmations of signatures made before. */
    private static final Duration CONFIRMATION_GRACE = Duration.ofHours(24);

    public static Petition published(PetitionPublished event, String organiser) {
        return new Petition(
                event.petition(),
                event.title(),
                event.statement(),
                event.recipients(),
                event.goal(),
                event.milestones(),
                event.language(),
                organiser,
                event.at(),
                event.closesAt(),
                Optional.empty());
    }

    public Petition after(PetitionEvent event) {
        if (event instanceof PetitionClosed) {
            return with(closesAt, Optional.of(event.at()));
        }
        // Who reopens a petition wants it open: a closing time that has passed no longer holds.
        return event instanceof PetitionReopened ? with(closesAt.filter(event.at()::isBefore), Optional.empty()) : this;
    }

    private Petition with(Optional<Instant> newClosesAt, Optional<Instant> newClosedAt) {
        return new Petition(
                slug,
                title,
                statement,
                recipients,
                goal,
                milestones,
                language,
                organiser,
                publishedAt,
                newClosesAt,
                newClosedAt);
    }

    /** Whether it can be signed at this time. */
    public boolean isOpen(Instant now) {
        return closing().filter(closing -> !now.isBefore(closing)).isEmpty();
    }

    /** Whether a signature made while it was open can be confirmed at this time. */
    public boolean takesConfirmations(Instant now) {
        return closing()
                .filter(closing -> !now.isBefore(closing.plus(CONFIRMATION_GRACE)))
                .isEmpty();
    }

    /** Whether its closing time has passed without anybody having closed it. */
    public boolean isDue(Instant now) {
        return closedAt.isEmpty() && !isOpen(now);
    }

    /** When it was closed, or else when it closes by itself, if it does. */
    public Optional<Instant> closing() {
        return closedAt.isPresent() ? closedAt : closesAt;
    }
}
