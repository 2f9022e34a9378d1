package org.countersign.signature.web.audit;

import java.time.ZoneOffset;
import org.countersign.signature.api.security.RequestCaller;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.audit.PetitionTimelines;
import org.countersign.signature.audit.SignatureNarratives;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.support.access.Role;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages for auditors: the timeline of a petition and the narrative of a signature. They show no personal data. */
@Controller
public class AuditPages {

    private final Petitions petitions;
    private final PetitionTimelines timelines;
    private final SignatureNarratives narrative;

    AuditPages(Petitions petitions, PetitionTimelines timelines, SignatureNarratives narrative) {
        this.petitions = petitions;
        this.timelines = timelines;
        this.narrative = narrative;
    }

    @GetMapping("/audit")
    String overview(Model model) {
        model.addAttribute(
                "petitions",
                petitions.all().stream()
                        .filter(RequestCaller.petitionsWith(Role.AUDITOR))
                        .toList());
        return "audit";
    }

    @GetMapping("/audit/petitions/{slug}")
    String petition(@PathVariable String slug, Model model) {
        Petition petition = petitions.get(slug);
        model.addAttribute("petition", petition);
        model.addAttribute("timeline", timelines.of(petition.slug()));
        model.addAttribute("utc", ZoneOffset.UTC);
        return "timeline";
    }

    /** Answers the search form of the overview. */
    @GetMapping("/audit/signatures")
    String find(@RequestParam(defaultValue = "") String id, Model model) {
        return signature(id.strip(), model);
    }

    @GetMapping("/audit/signatures/{id}")
    String signature(@PathVariable String id, Model model) {
        SignatureNarratives.SignatureNarrative life = narrative.of(id);
        model.addAttribute("life", life);
        model.addAttribute("petition", petitions.get(life.petition().value()));
        model.addAttribute("utc", ZoneOffset.UTC);
        return "story";
    }
}
