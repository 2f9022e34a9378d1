package org.countersign.signature.web.organiser;

import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.countersign.signature.application.HeldCalls;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.application.RuleChanges;
import org.countersign.signature.cases.Cases;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.domain.signature.HeldWindow;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page for organisers with the held sign calls of a petition and its signing rules. */
@Controller
@RequestMapping("/organise/petitions/{slug}")
public class HeldPages {

    private static final int MAX_LISTED = 100;

    private final Petitions petitions;
    private final HeldCalls held;
    private final RuleChanges rules;
    private final Cases cases;

    HeldPages(Petitions petitions, HeldCalls held, RuleChanges rules, Cases cases) {
        this.petitions = petitions;
        this.held = held;
        this.rules = rules;
        this.cases = cases;
    }

    @GetMapping("/held")
    String held(@PathVariable String slug, Model model, HttpServletResponse response) {
        return show(slug, RulesFields.of(rules.of(slug)), Map.of(), model, response);
    }

    private String show(
            String slug, RulesFields fields, Map<String, String> wrong, Model model, HttpServletResponse response) {
        Petition petition = petitions.get(slug);
        model.addAttribute("petition", petition);
        model.addAttribute("held", held.of(slug, HeldWindow.ALL, MAX_LISTED));
        model.addAttribute("releasedRules", cases.releasedRules(slug));
        model.addAttribute("fields", fields);
        model.addAttribute("wrong", wrong);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        return "organise-held";
    }

    /** @param rule the rule whose calls get their mail */
    @PostMapping("/held/release")
    String release(@PathVariable String slug, @RequestParam(defaultValue = "") String rule) {
        held.release(slug, ofRule(rule));
        return redirect(slug);
    }

    /** @param rule the rule whose calls are deleted */
    @PostMapping("/held/dismiss")
    String dismiss(@PathVariable String slug, @RequestParam(defaultValue = "") String rule) {
        held.dismiss(slug, ofRule(rule));
        return redirect(slug);
    }

    private static HeldWindow ofRule(String rule) {
        return new HeldWindow(Optional.of(rule).filter(text -> !text.isBlank()), Optional.empty(), Optional.empty());
    }

    private String redirect(String slug) {
        return "redirect:/organise/petitions/" + petitions.get(slug).slug() + "/held";
    }

    @PostMapping("/rules")
    String change(
            @PathVariable String slug,
            RulesFields fields,
            Authentication organiser,
            Model model,
            HttpServletResponse response) {
        try {
            rules.change(slug, fields.form(), organiser.getName());
            return redirect(slug) + "#rules";
        } catch (InvalidFieldsException e) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            Map<String, String> wrong = new HashMap<>();
            e.errors().forEach(error -> wrong.putIfAbsent(RulesFields.fieldOf(error.field()), error.message()));
            return show(slug, fields, wrong, model, response);
        }
    }
}
