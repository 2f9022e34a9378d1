package org.countersign.signature.web.organiser;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.countersign.events.SignatureId;
import org.countersign.signature.api.SignerAccessEntries;
import org.countersign.signature.api.security.RequestCaller;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.application.Signing;
import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.domain.signature.SignatureSummary;
import org.countersign.signature.signers.PersonErasure;
import org.countersign.signature.signers.PersonErasure.ErasedPerson;
import org.countersign.signature.signers.PersonForm;
import org.countersign.signature.signers.SignatureFilter;
import org.countersign.signature.signers.SignerQueryForm;
import org.countersign.signature.signers.SignerSearch;
import org.countersign.signature.signers.SignerSearch.SearchPage;
import org.countersign.support.access.Role;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The page on which an organiser finds a signer, and erases, invalidates or reinstates them. A search is a POST
 * request, because addresses in URLs end up in the logs of proxies.
 */
@Controller
@RequestMapping("/organise/petitions/{slug}/signers")
public class SignerPages {

    private static final Map<String, String> NOTICES = Map.of(
            "erased", "This person is erased in all petitions.",
            "invalidated", "The signature is invalidated. It does not count.",
            "reinstated", "The signature is reinstated.");

    private static final String ERASED_IN_OWN = "This person is erased in all petitions that you moderate.";

    private final Petitions petitions;
    private final SignerSearch search;
    private final PersonErasure erasure;
    private final Signing signing;
    private final SignerAccessEntries entries;

    SignerPages(
            Petitions petitions,
            SignerSearch search,
            PersonErasure erasure,
            Signing signing,
            SignerAccessEntries entries) {
        this.petitions = petitions;
        this.search = search;
        this.erasure = erasure;
        this.signing = signing;
        this.entries = entries;
    }

    /**
     * Shows the form and, after a decision, the signature.
     *
     * @param id the signature; empty at first
     * @param done the decision; empty at first
     */
    @GetMapping
    String signers(
            @PathVariable String slug,
            @RequestParam(defaultValue = "") String id,
            @RequestParam(defaultValue = "") String done,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response) {
        boolean ownOnly = done.equals("erased") && RequestCaller.isAccount();
        model.addAttribute("notice", ownOnly ? ERASED_IN_OWN : NOTICES.get(done));
        if (!id.isEmpty()) {
            return results(slug, withId(id), SignerQueryForm.ofId(id), model, request, response);
        }
        return page(slug, SignerFields.EMPTY, Map.of(), model, response);
    }

    private static SignerFields withId(String id) {
        return new SignerFields("", id, "", "", "", "");
    }

    @PostMapping
    String search(
            @PathVariable String slug,
            SignerFields fields,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response) {
        return results(slug, fields, fields.form(), model, request, response);
    }

    private String results(
            String slug,
            SignerFields fields,
            SignerQueryForm form,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response) {
        try {
            SearchPage page = search.search(slug, form);
            entries.found(request, slug, page.signatures().size());
            model.addAttribute("found", page.signatures());
            model.addAttribute("next", page.next().isPresent() ? page.next().getAsLong() : null);
            return page(slug, fields, Map.of(), model, response);
        } catch (InvalidFieldsException e) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(slug, fields, errorsByField(e), model, response);
        }
    }

    private String page(
            String slug, SignerFields fields, Map<String, String> wrong, Model model, HttpServletResponse response) {
        Petition petition = petitions.get(slug);
        model.addAttribute("petition", petition);
        model.addAttribute("fields", fields);
        model.addAttribute("wrong", wrong);
        model.addAttribute("states", List.of(SignatureFilter.values()));
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        return "organise-signers";
    }

    private static Map<String, String> errorsByField(InvalidFieldsException e) {
        Map<String, String> wrong = new HashMap<>();
        e.errors().forEach(error -> wrong.putIfAbsent(error.field(), error.message()));
        return wrong;
    }

    /** Erases the person who owns the signature, in all petitions of the organiser. */
    @PostMapping("/{id}/erase")
    String erase(
            @PathVariable String slug,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response) {
        return decide(slug, id, "erased", model, request, response, (signature, errors) -> {
            String valid = errors.parse("reason", () -> PersonForm.reason(reason));
            errors.throwIfAny();
            entries.erasing(request, valid);
            ErasedPerson person = erasure.eraseOwner(signature, RequestCaller.petitionsWith(Role.MODERATOR));
            entries.erased(request, person);
        });
    }

    @PostMapping("/{id}/invalidate")
    String invalidate(
            @PathVariable String slug,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response) {
        return decide(slug, id, "invalidated", model, request, response, (signature, errors) -> {
            String valid = errors.parse("reason", () -> Signing.reason(reason));
            errors.throwIfAny();
            signing.invalidate(signature, valid);
        });
    }

    @PostMapping("/{id}/reinstate")
    String reinstate(
            @PathVariable String slug,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response) {
        return decide(slug, id, "reinstated", model, request, response, (signature, errors) -> {
            String valid = errors.parse("reason", () -> Signing.reason(reason));
            errors.throwIfAny();
            signing.reinstate(signature, valid);
        });
    }

    private String decide(
            String slug,
            String id,
            String done,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response,
            BiConsumer<SignatureId, FieldErrors> decision) {
        Petition petition = petitions.get(slug);
        SignatureSummary signature = ofPetition(petition, id);
        try {
            decision.accept(signature.id(), new FieldErrors());
            return "redirect:/organise/petitions/" + petition.slug() + "/signers?id=" + signature.id() + "&done="
                    + done;
        } catch (InvalidFieldsException e) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            entries.found(request, slug, 1);
            model.addAttribute("found", List.of(signature));
            return page(slug, withId(id), errorsByField(e), model, response);
        }
    }

    /** Returns the signature only if it belongs to the petition of the page. */
    private SignatureSummary ofPetition(Petition petition, String id) {
        try {
            return search.search(petition.slug().value(), SignerQueryForm.ofId(id)).signatures().stream()
                    .findFirst()
                    .orElseThrow(() -> new Rejection(Rejection.Reason.NO_SIGNATURE));
        } catch (InvalidFieldsException e) {
            throw new Rejection(Rejection.Reason.NO_SIGNATURE);
        }
    }
}
