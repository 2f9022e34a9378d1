package org.countersign.signature.web.audit;

import java.time.ZoneOffset;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.audit.PetitionTimelines;
import org.countersign.signature.audit.SignatureNarrative;
import org.countersign.signature.domain.petition.Petition;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** What auditors read: a petition's timeline and a signature's life. Nothing personal is on these pages. */
@Controller
public class AuditPages {

    private final Petitions petitions;
    private final PetitionTimelines timeline;
    private final SignatureNarrative story;

    AuditPages(Petitions petitions, PetitionTimelines timeline, SignatureNarrative story) {
        this.petitions = petitions;
        this.timeline = timeline;
        this.story = story;
    }

    @GetMapping("/audit")
    String overview(Model model) {
        model.addAttribute("petitions", petitions.all());
        return "audit";
    }

    @GetMapping("/audit/petitions/{slug}")
    String petition(@PathVariable String slug, Model model) {
        Petition petition = petitions.get(slug);
        model.addAttribute("petition", petition);
        model.addAttribute("course", timeline.of(petition.slug()));
        model.addAttribute("utc", ZoneOffset.UTC);
        return "timeline";
    }

    /** The form on the overview. */
    @GetMapping("/audit/signatures")
    String find(@RequestParam(defaultValue = "") String id, Model model) {
        return signature(id.strip(), model);
    }

    @GetMapping("/audit/signatures/{id}")
    String signature(@PathVariable String id, Model model) {
        SignatureNarrative.SignatureStory life = story.of(id);
        model.addAttribute("life", life);
        model.addAttribute("petition", petitions.get(life.petition().value()));
        model.addAttribute("utc", ZoneOffset.UTC);
        return "story";
    }
}
