package org.countersign.signature.application;

import java.time.Clock;
import java.util.Optional;
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
 * What an organiser does with petitions. Their text is what people put their names to, so it is not changed once it is
 * published.
 */
@Component
public class Publishing {

    private final CommandDispatcher commands;
    private final Petitions petitions;
    private final Vault vault;
    private final Clock clock;

    Publishing(CommandDispatcher commands, Petitions petitions, Vault vault, Clock clock) {
        this.commands = commands;
        this.petitions = petitions;
        this.vault = vault;
        this.clock = clock;
    }

    /**
     * What the petition would be.
     *
     * @throws org.countersign.signature.domain.InvalidFieldsException if a field is not what it must be
     * @throws Rejection if there is another of its name
     */
    public Petition preview(PetitionRequest request) {
        PublishPetition command = request.command(vault, clock.instant());
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
                request.organiser().name(),
                command.at(),
                command.closesAt(),
                Optional.empty());
    }

    /** Publishes it; throws what {@link #preview} does. */
    public Petition publish(PetitionRequest request) {
        PublishPetition command = request.command(vault, clock.instant());
        try {
            commands.send(command);
        } catch (AggregateStreamCreationException e) {
            throw new Rejection(Rejection.Reason.NAME_TAKEN);
        }
        petitions.refresh();
        return petitions.get(command.petition().value());
    }

    /** @throws Rejection if there is no such petition, or it is closed */
    public Petition close(String slug) {
        return change(slug, petition -> new ClosePetition(petition, clock.instant()));
    }

    /** @throws Rejection if there is no such petition, or it is open */
    public Petition reopen(String slug) {
        return change(slug, petition -> new ReopenPetition(petition, clock.instant()));
    }

    private Petition change(String slug, Function<PetitionSlug, PetitionCommand> command) {
        commands.send(command.apply(petitions.get(slug).slug()));
        petitions.refresh();
        return petitions.get(slug);
    }
}
