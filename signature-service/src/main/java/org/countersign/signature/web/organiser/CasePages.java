package org.countersign.signature.web.organiser;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.countersign.signature.application.Attacks;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.cases.Cases;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.petition.Petition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of an organiser for the cases of a petition: criteria, preview, start, progress, cancel and undo. */
@Controller
@RequestMapping("/organise/petitions/{slug}/cases")
public class CasePages {

    private final Petitions petitions;
    private final Cases cases;
    private final Attacks attacks;

    CasePages(Petitions petitions, Cases cases, Attacks attacks) {
        this.petitions = petitions;
        this.cases = cases;
        this.attacks = attacks;
    }

    /**
     * @param attack when the attack was found for which the form is filled in
     * @param rule the rule for which the form is filled in
     */
    @GetMapping
    String all(
            @PathVariable String slug,
            @RequestParam(defaultValue = "") String attack,
            @RequestParam(defaultValue = "") String rule,
            Model model,
            HttpServletResponse response) {
        return page(petitions.get(slug), prefilled(attack, rule), Map.of(), model, response);
    }

    private static CaseFields prefilled(String attack, String rule) {
        if (!attack.isBlank()) {
            return CaseFields.prefilled(attack, rule, "The attack that was found at " + attack);
        }
        return rule.isBlank() ? CaseFields.EMPTY : CaseFields.prefilled("", rule, "Released calls of the rule " + rule);
    }

    /**
     * @param step the button: preview, or start after a preview
     * @param previewed the criteria of the preview; with others, the organiser gets another preview first
     */
    @PostMapping
    String open(
            @PathVariable String slug,
            CaseFields fields,
            @RequestParam(defaultValue = "preview") String step,
            @RequestParam(defaultValue = "") String previewed,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response) {
        Petition petition = petitions.get(slug);
        try {
            if (step.equals("start") && previewed.equals(fields.previewed())) {
                cases.open(slug, fields.form(), Objects.requireNonNull(request.getRemoteUser(), "not authenticated"));
                return redirect(petition);
            }
            model.addAttribute("preview", cases.preview(slug, fields.form()));
            return page(petition, fields, Map.of(), model, response);
        } catch (InvalidFieldsException e) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(petition, fields, errorsByField(e), model, response);
        }
    }

    @PostMapping("/{id}/cancel")
    String cancel(@PathVariable String slug, @PathVariable UUID id) {
        Petition petition = petitions.get(slug);
        requireOf(petition, id);
        cases.cancel(id);
        return redirect(petition);
    }

    @PostMapping("/{id}/undo")
    String undo(@PathVariable String slug, @PathVariable UUID id) {
        Petition petition = petitions.get(slug);
        requireOf(petition, id);
        cases.undo(id);
        return redirect(petition);
    }

    /** The path names the petition for which the organiser has the role. The case must be one of it. */
    private void requireOf(Petition petition, UUID id) {
        if (!cases.get(id).petition().equals(petition.slug())) {
            throw new Rejection(Rejection.Reason.NO_CASE);
        }
    }

    private static String redirect(Petition petition) {
        return "redirect:/organise/petitions/" + petition.slug() + "/cases";
    }

    /** Returns the first error of each field of the form. */
    private static Map<String, String> errorsByField(InvalidFieldsException e) {
        Map<String, String> wrong = new HashMap<>();
        e.errors()
                .forEach(error -> wrong.putIfAbsent(
                        error.field().replaceFirst("^criteria\\.", "").replaceAll("\\[.*", ""), error.message()));
        return wrong;
    }

    private String page(
            Petition petition,
            CaseFields fields,
            Map<String, String> wrong,
            Model model,
            HttpServletResponse response) {
        // The form may hold addresses that the organiser typed.
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        model.addAttribute("petition", petition);
        model.addAttribute("fields", fields);
        model.addAttribute("wrong", wrong);
        model.addAttribute("cases", cases.of(petition.slug().value()));
        model.addAttribute("attacks", attacks.all(petition.slug().value()));
        model.addAttribute("releasedRules", cases.releasedRules(petition.slug().value()));
        model.addAttribute("signalsFrom", cases.signalsReachBackTo().orElse(null));
        return "organise-cases";
    }
}
