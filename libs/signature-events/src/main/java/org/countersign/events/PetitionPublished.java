package org.countersign.events;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A petition was published and can be signed.
 *
 * @param petition the petition's slug
 * @param at when it was published
 * @param title its title
 * @param statement its text in Markdown
 * @param recipients to whom it is addressed, in the given order
 * @param goal the number of signatures that it wants
 * @param milestones the organiser's own milestones, rising
 * @param language the language tag of the text (BCP 47)
 * @param closesAt when it closes by itself
 * @param organiser the organiser's name and e-mail address, encrypted with a key of this petition
 * @param topics the keys of its topics, in the given order; a later version may know more keys
 * @param notice the first version of the privacy notice; empty in events of earlier releases
 * @param organisation the organisation that runs it; empty for the first organisation
 * @param reminders whether signers who have not confirmed are reminded; true in events of earlier releases
 */
public record PetitionPublished(
        PetitionSlug petition,
        Instant at,
        String title,
        String statement,
        List<String> recipients,
        long goal,
        List<Long> milestones,
        String language,
        Optional<Instant> closesAt,
        Sealed organiser,
        List<String> topics,
        Optional<PrivacyNotice> notice,
        Optional<UUID> organisation,
        boolean reminders)
        implements PetitionEvent {

    public PetitionPublished {
        recipients = List.copyOf(recipients);
        milestones = List.copyOf(milestones);
        topics = List.copyOf(topics);
    }

    /** A publication of the first organisation, with reminders. */
    public PetitionPublished(
            PetitionSlug petition,
            Instant at,
            String title,
            String statement,
            List<String> recipients,
            long goal,
            List<Long> milestones,
            String language,
            Optional<Instant> closesAt,
            Sealed organiser,
            List<String> topics,
            Optional<PrivacyNotice> notice) {
        this(
                petition,
                at,
                title,
                statement,
                recipients,
                goal,
                milestones,
                language,
                closesAt,
                organiser,
                topics,
                notice,
                Optional.empty(),
                true);
    }

    /** A publication without topics and without a privacy notice, as in earlier releases. */
    public PetitionPublished(
            PetitionSlug petition,
            Instant at,
            String title,
            String statement,
            List<String> recipients,
            long goal,
            List<Long> milestones,
            String language,
            Optional<Instant> closesAt,
            Sealed organiser) {
        this(
                petition,
                at,
                title,
                statement,
                recipients,
                goal,
                milestones,
                language,
                closesAt,
                organiser,
                List.of(),
                Optional.empty());
    }
}
