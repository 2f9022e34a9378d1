package org.countersign.signature.domain.petition;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.countersign.events.PetitionClosed;
import org.countersign.events.PetitionEvent;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionReopened;
import org.countersign.events.PetitionSlug;
import org.countersign.events.PrivacyNotice;
import org.countersign.events.PrivacyNoticeChanged;

/**
 * The state of a petition after its latest event.
 *
 * @param slug the petition's name in addresses
 * @param title its title
 * @param statement its text in Markdown
 * @param recipients to whom it is addressed
 * @param goal the number of signatures that the organiser wants
 * @param milestones the organiser's own milestones, rising; empty for the default ladder
 * @param language the language tag of the text
 * @param organiser the organiser's name, empty after an erasure
 * @param publishedAt when it was published
 * @param closesAt when it closes by itself
 * @param closedAt when it was closed
 * @param topics the keys of its topics, among them those that only a later version knows
 * @param notices the versions of its privacy notice, the first one first; empty for a petition of an earlier release
 * @param organisation the organisation that runs it
 * @param reminders whether signers who have not confirmed are reminded
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
        Optional<Instant> closedAt,
        List<String> topics,
        List<PrivacyNotice> notices,
        UUID organisation,
        boolean reminders) {

    /** The organisation of petitions that name none, created by the migration V17. */
    public static final UUID FIRST_ORGANISATION = new UUID(0, 1);

    /** How long after closing a signature can still be confirmed. */
    private static final Duration CONFIRMATION_GRACE = Duration.ofHours(24);

    /**
     * Returns the state after the publication.
     *
     * @param event the publication
     * @param organiser the organiser's name, empty after an erasure
     */
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
                Optional.empty(),
                event.topics(),
                event.notice().stream().toList(),
                event.organisation().orElse(FIRST_ORGANISATION),
                event.reminders());
    }

    /** Returns the state after a later event of the petition. */
    public Petition after(PetitionEvent event) {
        if (event instanceof PetitionClosed) {
            return with(closesAt, Optional.of(event.at()), notices);
        }
        if (event instanceof PrivacyNoticeChanged changed) {
            return with(
                    closesAt,
                    closedAt,
                    Stream.concat(notices.stream(), Stream.of(changed.notice())).toList());
        }
        // A closing time that has passed does not apply to a reopened petition.
        return event instanceof PetitionReopened
                ? with(closesAt.filter(event.at()::isBefore), Optional.empty(), notices)
                : this;
    }

    private Petition with(
            Optional<Instant> newClosesAt, Optional<Instant> newClosedAt, List<PrivacyNotice> newNotices) {
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
                newClosedAt,
                topics,
                newNotices,
                organisation,
                reminders);
    }

    /** Returns the privacy notice that applies to new signings, or empty if the petition has none. */
    public Optional<NoticeVersion> notice() {
        return NoticeVersion.newest(notices);
    }

    /** Returns all versions of the privacy notice, the first one first. */
    public List<NoticeVersion> noticeVersions() {
        return IntStream.rangeClosed(1, notices.size())
                .mapToObj(version -> new NoticeVersion(version, notices.get(version - 1)))
                .toList();
    }

    /** Returns a version of the privacy notice, or empty if there is no such version. */
    public Optional<NoticeVersion> notice(int version) {
        return NoticeVersion.of(notices, version);
    }

    /** Tells whether the petition can be signed at this time. */
    public boolean isOpen(Instant now) {
        return closing().filter(closing -> !now.isBefore(closing)).isEmpty();
    }

    /** Tells whether a signature made before closing can be confirmed at this time. */
    public boolean takesConfirmations(Instant now) {
        return closing()
                .filter(closing -> !now.isBefore(closing.plus(CONFIRMATION_GRACE)))
                .isEmpty();
    }

    /** Tells whether the closing time has passed and the petition is still open. */
    public boolean isDue(Instant now) {
        return closedAt.isEmpty() && !isOpen(now);
    }

    /** Returns when the petition was closed, or when it will close by itself. */
    public Optional<Instant> closing() {
        return closedAt.isPresent() ? closedAt : closesAt;
    }
}
