package org.countersign.signature.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.countersign.signature.cases.CaseCriteria;
import org.countersign.signature.cases.CaseForm;
import org.countersign.signature.cases.CasePreview;
import org.countersign.signature.cases.CaseState;
import org.countersign.signature.cases.Cases;
import org.countersign.signature.cases.InvalidationCase;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Cases: an organiser invalidates signatures by criteria, follows the progress, and cancels or undoes it. */
@RestController
@RequestMapping("/api")
class CaseController {

    private final Cases cases;

    CaseController(Cases cases) {
        this.cases = cases;
    }

    /** A case as the API shows it. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record CaseJson(
            UUID id,
            String petition,
            CaseState state,
            CaseCriteria criteria,
            String reason,
            String publicReason,
            String actor,
            Instant createdAt,
            Optional<Instant> openedAt,
            Optional<Instant> endedAt,
            long matched,
            long verified,
            long pending,
            long done,
            long invalidated,
            long removed,
            long reinstated,
            long restored) {

        static CaseJson of(InvalidationCase one) {
            InvalidationCase.CaseNumbers numbers = one.numbers();
            return new CaseJson(
                    one.id(),
                    one.petition().value(),
                    one.state(),
                    one.criteria(),
                    one.reason(),
                    one.publicReason(),
                    one.actor(),
                    one.createdAt(),
                    one.openedAt(),
                    one.endedAt(),
                    numbers.matched(),
                    numbers.verified(),
                    numbers.matched() - numbers.verified(),
                    numbers.done(),
                    numbers.invalidated(),
                    numbers.removed(),
                    numbers.reinstated(),
                    numbers.restored());
        }
    }

    /** Counts what a case would take, with a sample. */
    @PostMapping(path = "/petitions/{petition}/cases/preview", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<CasePreview> preview(@PathVariable String petition, @RequestBody CaseForm form) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(cases.preview(petition, form));
    }

    @PostMapping(path = "/petitions/{petition}/cases", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<CaseJson> open(
            @PathVariable String petition, @RequestBody CaseForm form, HttpServletRequest request) {
        String actor = Objects.requireNonNull(request.getRemoteUser(), "not authenticated");
        InvalidationCase opened = cases.open(petition, form, actor);
        return ResponseEntity.accepted()
                .location(URI.create("/api/cases/" + opened.id()))
                .body(CaseJson.of(opened));
    }

    @GetMapping("/petitions/{petition}/cases")
    List<CaseJson> all(@PathVariable String petition) {
        return cases.of(petition).stream().map(CaseJson::of).toList();
    }

    @GetMapping("/cases/{id}")
    CaseJson one(@PathVariable UUID id) {
        return CaseJson.of(cases.get(id));
    }

    @PostMapping("/cases/{id}/cancel")
    CaseJson cancel(@PathVariable UUID id) {
        return CaseJson.of(cases.cancel(id));
    }

    @PostMapping("/cases/{id}/undo")
    CaseJson undo(@PathVariable UUID id) {
        return CaseJson.of(cases.undo(id));
    }
}
