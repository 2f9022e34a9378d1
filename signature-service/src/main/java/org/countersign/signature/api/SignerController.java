package org.countersign.signature.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import org.countersign.signature.api.security.RequestCaller;
import org.countersign.signature.domain.signature.SignatureSummary;
import org.countersign.signature.signers.PersonErasure;
import org.countersign.signature.signers.PersonErasure.ErasedPerson;
import org.countersign.signature.signers.PersonForm;
import org.countersign.signature.signers.SignerQueryForm;
import org.countersign.signature.signers.SignerSearch;
import org.countersign.signature.signers.SignerSearch.SearchPage;
import org.countersign.support.access.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Finds signers and erases persons for the organiser. Searches are POST requests, because addresses in URLs end up in
 * the logs of proxies.
 */
@RestController
@RequestMapping(path = "/api", consumes = MediaType.APPLICATION_JSON_VALUE)
class SignerController {

    private final SignerSearch search;
    private final PersonErasure erasure;
    private final SignerAccessEntries entries;

    SignerController(SignerSearch search, PersonErasure erasure, SignerAccessEntries entries) {
        this.search = search;
        this.erasure = erasure;
        this.entries = entries;
    }

    /** A signature that was found. */
    record FoundSignatureJson(
            @JsonProperty("signatureId") String id,
            String petition,
            String state,
            boolean counted,
            boolean erased,
            String country,
            Instant signedAt) {

        private static FoundSignatureJson of(SignatureSummary signature) {
            return new FoundSignatureJson(
                    signature.id().toString(),
                    signature.petition().value(),
                    signature.status().text(),
                    signature.counted(),
                    signature.erased(),
                    signature.country().value(),
                    signature.signedAt());
        }
    }

    /** A page of results. The value of next is the parameter after of the next call; null after the last page. */
    record SearchResultJson(
            List<FoundSignatureJson> signatures, @Nullable String next) {

        private static SearchResultJson of(SearchPage page) {
            return new SearchResultJson(
                    page.signatures().stream().map(FoundSignatureJson::of).toList(),
                    page.next().isPresent() ? Long.toString(page.next().getAsLong()) : null);
        }
    }

    /** The erasure of one signature. */
    record ErasedSignatureJson(@JsonProperty("signatureId") String id, String petition, String state, String result) {}

    /** The removal of one alert. */
    record RemovedAlertJson(@JsonProperty("alertId") String id, String petition) {}

    /** The result of an erasure. */
    record ErasedPersonJson(List<ErasedSignatureJson> signatures, List<RemovedAlertJson> alerts) {

        private static ErasedPersonJson of(ErasedPerson person) {
            return new ErasedPersonJson(
                    person.signatures().stream()
                            .map(signature -> new ErasedSignatureJson(
                                    signature.id().toString(),
                                    signature.petition().value(),
                                    signature.status().text(),
                                    signature.now() ? "erased" : "erased before"))
                            .toList(),
                    person.alerts().stream()
                            .map(alert -> new RemovedAlertJson(
                                    alert.id().toString(), alert.petition().value()))
                            .toList());
        }
    }

    /** Searches the signatures of a petition. */
    @PostMapping("/petitions/{petition}/signatures/search")
    ResponseEntity<SearchResultJson> search(
            @PathVariable String petition, @RequestBody SignerQueryForm form, HttpServletRequest request) {
        SearchPage page = search.search(petition, form);
        entries.found(request, petition, page.signatures().size());
        return answer(SearchResultJson.of(page));
    }

    /** Searches the signatures of a person in all petitions of the caller. */
    @PostMapping("/signatures/search")
    ResponseEntity<SearchResultJson> search(@RequestBody PersonForm form, HttpServletRequest request) {
        List<FoundSignatureJson> found =
                search.ofPerson(form.address(), RequestCaller.petitionsWith(Role.MODERATOR)).stream()
                        .map(FoundSignatureJson::of)
                        .toList();
        entries.found(request, "", found.size());
        return answer(new SearchResultJson(found, null));
    }

    /** Erases a person in all petitions of the caller. Repeating the call changes nothing. */
    @PostMapping("/signatures/erase-person")
    ResponseEntity<ErasedPersonJson> erase(@RequestBody PersonForm form, HttpServletRequest request) {
        PersonForm.ErasureRequest valid = form.erasure();
        entries.erasing(request, valid.reason());
        ErasedPerson person = erasure.erase(valid.address(), RequestCaller.petitionsWith(Role.MODERATOR));
        entries.erased(request, person);
        return answer(ErasedPersonJson.of(person));
    }

    private static <T> ResponseEntity<T> answer(T body) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(body);
    }
}
