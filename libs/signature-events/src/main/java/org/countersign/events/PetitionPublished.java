package org.countersign.events;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A petition went public and can be signed.
 *
 * @param statement what it asks, in Markdown
 * @param recipients to whom it is addressed, in the order given
 * @param goal how many signatures it wants
 * @param milestones the counts at which people are told, rising; the goal is among them
 * @param language the language it is written in, a BCP 47 tag
 * @param closesAt when it closes by itself
 * @param organiser the organiser's name and e-mail address, encrypted with a key of this petition's own
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
        Sealed organiser)
        implements PetitionEvent {

    public PetitionPublished {
        recipients = List.copyOf(recipients);
        milestones = List.copyOf(milestones);
    }
}
