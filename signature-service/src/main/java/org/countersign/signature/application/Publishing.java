package org.countersign.signature.application;

import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.domain.petition.PetitionCommand;
import org.countersign.signature.domain.petition.PetitionCommand.ClosePetition;
import org.countersign.signature.domain.petition.PetitionCommand.PublishPetition;
import org.countersign.signature.domain.petition.PetitionCommand.ReopenPetition;
import org.countersign.signature.personaldata.Vault;
import org.springframework.stereotype.Component;

/**
 * Publishes, closes and reopens petitions. The text of a published petition never changes, because people have signed
 * it.
 */
@Component
public class Publishing {

    private final CommandDispatcher commands;
    private final Petitions petitions;
    private final OrganisationNotice notice;
    private final Vault vault;
    private final Clock clock;

    Publishing(CommandDispatcher commands, Petitions petitions, OrganisationNotice notice, Vault vault, Clock clock) {
        this.commands = commands;
        this.petitions = petitions;
        this.notice = notice;
        this.vault = vault;
        this.clock = clock;
    }

    /**
     * Returns the petition as it would be published.
     *
     * @param organisation the organisation that runs it
     * @throws org.countersign.signature.domain.InvalidFieldsException if a field is invalid
     * @throws Rejection if another petition has its slug
     */
    public Petition preview(PetitionRequest request, UUID organisation) {
        PublishPetition command = request.command(vault, clock.instant(), notice, organisation);
        if (petitions.find(command.petition()).isPresent()) {
            throw new Rejection(Rejection.Reason.NAME_TAKEN);
        }
        return new Petition(
                command.petition(),
                command.title(),
                command.statement(),
                command.recipients(),
                command.goal(),
                command.milestones(),
                command.language(),
                Objects.requireNonNull(request.organisedBy().name()),
                command.at(),
                command.closesAt(),
                Optional.empty(),
                command.topics(),
                List.of(command.notice()),
                organisation,
                command.reminders());
    }

    /** Publishes the petition. Throws the same exceptions as {@link #preview}. */
    public Petition publish(PetitionRequest request, UUID organisation) {
        PublishPetition command = request.command(vault, clock.instant(), notice, organisation);
        try {
            commands.send(command);
        } catch (AggregateStreamCreationException e) {
            throw new Rejection(Rejection.Reason.NAME_TAKEN);
        }
        petitions.refresh();
        return petitions.get(command.petition().value());
    }

    /**
     * Closes a petition.
     *
     * @throws Rejection if there is no such petition
     */
    public Petition close(String slug) {
        return change(slug, petition -> new ClosePetition(petition, clock.instant()));
    }

    /**
     * Reopens a petition.
     *
     * @throws Rejection if there is no such petition
     */
    public Petition reopen(String slug) {
        return change(slug, petition -> new ReopenPetition(petition, clock.instant()));
    }

    private Petition change(String slug, Function<PetitionSlug, PetitionCommand> command) {
        commands.send(command.apply(petitions.get(slug).slug()));
        petitions.refresh();
        return petitions.get(slug);
    }
}
