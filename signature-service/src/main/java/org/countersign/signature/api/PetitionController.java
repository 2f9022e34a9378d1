package org.countersign.signature.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.signature.application.NoticeView;
import org.countersign.signature.application.PetitionRequest;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.application.Publishing;
import org.countersign.signature.domain.petition.Petition;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Publishes, lists, closes and reopens petitions. */
@RestController
@RequestMapping("/api/petitions")
class PetitionController {

    private final Publishing publishing;
    private final Petitions petitions;

    PetitionController(Publishing publishing, Petitions petitions) {
        this.publishing = publishing;
        this.petitions = petitions;
    }

    /** A petition as the API shows it. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record PetitionJson(
            String slug,
            String title,
            String statement,
            List<String> recipients,
            long goal,
            List<Long> milestones,
            String language,
            Map<String, String> organiser,
            Instant publishedAt,
            Optional<Instant> closesAt,
            String state,
            Optional<NoticeView> notice) {}

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PetitionJson> publish(@RequestBody PetitionRequest request) {
        Petition petition = publishing.publish(request);
        return ResponseEntity.created(URI.create("/api/petitions/" + petition.slug()))
                .body(json(petition));
    }

    @GetMapping
    List<PetitionJson> all() {
        return petitions.all().stream().map(this::json).toList();
    }

    @GetMapping("/{petition}")
    PetitionJson one(@PathVariable String petition) {
        return json(petitions.get(petition));
    }

    @PostMapping("/{petition}/close")
    PetitionJson close(@PathVariable String petition) {
        return json(publishing.close(petition));
    }

    @PostMapping("/{petition}/reopen")
    PetitionJson reopen(@PathVariable String petition) {
        return json(publishing.reopen(petition));
    }

    private PetitionJson json(Petition petition) {
        return new PetitionJson(
                petition.slug().value(),
                petition.title(),
                petition.statement(),
                petition.recipients(),
                petition.goal(),
                petition.milestones(),
                petition.language(),
                Map.of("name", petition.organiser()),
                petition.publishedAt(),
                petition.closesAt(),
                petitions.isOpen(petition) ? "open" : "closed",
                petition.notice().map(NoticeView::of));
    }
}
