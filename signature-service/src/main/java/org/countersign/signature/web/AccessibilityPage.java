package org.countersign.signature.web;

import java.time.LocalDate;
import org.countersign.signature.application.OrganisationNotice;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The accessibility statement (EU decision 2018/1523 names what it says). */
@Controller
class AccessibilityPage {

    /** The day on which the statement was last compared with the pages. */
    private static final LocalDate REVIEWED = LocalDate.of(2026, 11, 28);

    private final OrganisationNotice organisation;

    AccessibilityPage(OrganisationNotice organisation) {
        this.organisation = organisation;
    }

    @GetMapping("/accessibility")
    String statement(Model model) {
        model.addAttribute("reviewed", REVIEWED);
        model.addAttribute("notice", organisation.notice().orElse(null));
        return "accessibility";
    }
}
