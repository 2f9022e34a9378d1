package org.countersign.signature.petition;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.Commands;
import org.countersign.signature.petition.PetitionCommand.ClosePetition;
import org.countersign.signature.petition.PetitionCommand.PublishPetition;
import org.countersign.signature.petition.PetitionCommand.ReopenPetition;
import org.countersign.signature.problem.Refusal;
import org.countersign.signature.signer.Vault;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/petitions")
class PetitionController {

    private final Commands commands;
    private final Petitions petitions;
    private final Vault vault;
    private final Clock clock;

    PetitionController(Commands commands, Petitions petitions, Vault vault, Clock clock) {
        this.commands = commands;
        this.petitions = petitions;
        this.vault = vault;
        this.clock = clock;
    }

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record PetitionAnswer(String slug, String title, String statement, List<String> recipients, long goal, List<Long> milestones,
                          String language, Map<String, String> organiser, Instant publishedAt, Optional<Instant> closesAt, String state) {
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PetitionAnswer> publish(@RequestBody PetitionRequest request) {
        PublishPetition command = request.command(vault, clock.instant());
        try {
            commands.send(command);
        } catch (AggregateStreamCreationException e) {
            throw new Refusal(Refusal.Reason.NAME_TAKEN);
        }
        petitions.refresh();
        Petition petition = petitions.get(command.petition().value());
        return ResponseEntity.created(URI.create("/api/petitions/" + petition.slug())).body(answer(petition));
    }

    @GetMapping
    List<PetitionAnswer> all() {
        return petitions.all().stream().map(this::answer).toList();
    }

    @GetMapping("/{petition}")
    PetitionAnswer one(@PathVariable String petition) {
        return answer(petitions.get(petition));
    }

    @PostMapping("/{petition}/close")
    PetitionAnswer close(@PathVariable String petition) {
        return change(petition, slug -> new ClosePetition(slug, clock.instant()));
    }

    @PostMapping("/{petition}/reopen")
    PetitionAnswer reopen(@PathVariable String petition) {
        return change(petition, slug -> new ReopenPetition(slug, clock.instant()));
    }

    private PetitionAnswer change(String slug, Function<PetitionSlug, PetitionCommand> command) {
        commands.send(command.apply(petitions.get(slug).slug()));
        petitions.refresh();
        return one(slug);
    }

    private PetitionAnswer answer(Petition petition) {
        return new PetitionAnswer(petition.slug().value(), petition.title(), petition.statement(), petition.recipients(), petition.goal(),
                petition.milestones(), petition.language(), Map.of("name", petition.organiser()), petition.publishedAt(),
                petition.closesAt(), petitions.isOpen(petition) ? "open" : "closed");
    }
}
