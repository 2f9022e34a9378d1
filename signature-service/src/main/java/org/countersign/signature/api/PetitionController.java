package org.countersign.signature.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.countersign.signature.accounts.Organisations;
import org.countersign.signature.api.security.RequestCaller;
import org.countersign.signature.application.NoticeView;
import org.countersign.signature.application.PetitionRequest;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.application.Publishing;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.search.ListQuery;
import org.countersign.signature.search.PetitionListing;
import org.countersign.signature.search.PetitionListing.ListPage;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/** Publishes, lists, closes and reopens petitions. */
@RestController
@RequestMapping("/api/petitions")
class PetitionController {

    private static final String TOTAL_COUNT = "Total-Count";

    private final Publishing publishing;
    private final Petitions petitions;
    private final PetitionListing listing;
    private final Organisations organisations;

    PetitionController(
            Publishing publishing, Petitions petitions, PetitionListing listing, Organisations organisations) {
        this.organisations = organisations;
        this.publishing = publishing;
        this.petitions = petitions;
        this.listing = listing;
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
            List<String> topics,
            Optional<NoticeView> notice) {}

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PetitionJson> publish(@RequestBody PetitionRequest request) {
        Petition petition = publishing.publish(
                request, organisations.ofNewPetition(RequestCaller.grants(), request.organisation()));
        return ResponseEntity.created(URI.create("/api/petitions/" + petition.slug()))
                .body(json(petition));
    }

    /** Returns all petitions, or one page of them if the request has parameters of a list. */
    @GetMapping
    ResponseEntity<List<PetitionJson>> list(
            @RequestParam(name = ListQuery.WORDS, required = false) @Nullable String words,
            @RequestParam(name = ListQuery.TOPIC, required = false) @Nullable String topic,
            @RequestParam(name = ListQuery.ORDER, required = false) @Nullable String order,
            @RequestParam(name = ListQuery.PAGE, required = false) @Nullable String page,
            Locale locale) {
        if (words == null && topic == null && order == null && page == null) {
            return ResponseEntity.ok(petitions.all().stream().map(this::json).toList());
        }
        ListQuery query = ListQuery.parse(words, topic, order, page);
        ListPage list = listing.page(query, locale);
        List<String> links = new ArrayList<>();
        if (query.page() > 1) {
            links.add(link(query.withPage(Math.min(query.page() - 1, list.pages())), "prev"));
        }
        if (query.page() < list.pages()) {
            links.add(link(query.withPage(query.page() + 1), "next"));
        }
        ResponseEntity.BodyBuilder response = ResponseEntity.ok().header(TOTAL_COUNT, Integer.toString(list.total()));
        if (!links.isEmpty()) {
            response.header(HttpHeaders.LINK, String.join(", ", links));
        }
        return response.body(
                list.petitions().stream().map(listed -> json(listed.petition())).toList());
    }

    /** Links to another page (RFC 8288). */
    private static String link(ListQuery query, String relation) {
        UriComponentsBuilder address = UriComponentsBuilder.fromPath("/api/petitions");
        Map<String, String> parameters = query.parameters();
        parameters.keySet().forEach(name -> address.queryParam(name, "{" + name + "}"));
        return "<" + address.encode().buildAndExpand(parameters).toUriString() + ">; rel=\"" + relation + "\"";
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
                petition.topics(),
                petition.notice().map(NoticeView::of));
    }
}
