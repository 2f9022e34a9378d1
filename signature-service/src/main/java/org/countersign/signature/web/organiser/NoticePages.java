package org.countersign.signature.web.organiser;

import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.countersign.signature.application.NoticeChanges;
import org.countersign.signature.application.NoticeForm;
import org.countersign.signature.application.OrganisationNotice;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.petition.NoticeVersion;
import org.countersign.signature.domain.petition.Petition;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** The page for organisers with the privacy notice of a petition and its earlier versions. */
@Controller
@RequestMapping("/organise/petitions/{slug}/notice")
class NoticePages {

    private final Petitions petitions;
    private final NoticeChanges notices;
    private final OrganisationNotice organisation;

    NoticePages(Petitions petitions, NoticeChanges notices, OrganisationNotice organisation) {
        this.petitions = petitions;
        this.notices = notices;
        this.organisation = organisation;
    }

    /** A petition without a notice starts with that of the organisation. */
    @GetMapping
    String notice(@PathVariable String slug, Model model) {
        Petition petition = petitions.get(slug);
        Optional<NoticeVersion> current = petition.notice();
        return show(
                petition,
                NoticeFields.of(current.map(NoticeVersion::notice).or(organisation::notice)),
                Map.of(),
                model);
    }

    private static String show(Petition petition, NoticeFields form, Map<String, String> wrong, Model model) {
        model.addAttribute("petition", petition);
        model.addAttribute("form", form);
        model.addAttribute("wrong", wrong);
        return "organise-privacy";
    }

    @PostMapping
    String change(
            @PathVariable String slug,
            NoticeFields form,
            Authentication organiser,
            Model model,
            HttpServletResponse response) {
        Petition petition = petitions.get(slug);
        try {
            notices.change(slug, form.form(), organiser.getName());
            return "redirect:/organise/petitions/" + petition.slug() + "/notice";
        } catch (InvalidFieldsException e) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            Map<String, String> wrong = new HashMap<>();
            e.errors().forEach(error -> wrong.putIfAbsent(NoticeForm.PREFIX + error.field(), error.message()));
            return show(petition, form, wrong, model);
        }
    }
}
