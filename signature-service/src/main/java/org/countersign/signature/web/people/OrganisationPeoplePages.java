package org.countersign.signature.web.people;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.countersign.signature.people.AccountPerson;
import org.countersign.signature.people.PersonAdministration;
import org.countersign.signature.people.PersonInvitations;
import org.countersign.signature.people.PersonInvitations.InvitationForm;
import org.countersign.signature.people.PersonMemberships;
import org.countersign.signature.people.PersonMemberships.MemberOrganisation;
import org.countersign.support.access.Role;
import org.countersign.support.language.SupportedLanguage;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** The page with the people of an organisation, for those who manage them. For others it does not exist. */
@Controller
@RequestMapping("/people/{slug}")
class OrganisationPeoplePages extends PeoplePage {

    private static final InvitationForm EMPTY = new InvitationForm("", "", List.of(), "", "");

    private final PersonMemberships memberships;
    private final PersonInvitations invitations;
    private final PersonAdministration administration;

    OrganisationPeoplePages(
            PersonMemberships memberships, PersonInvitations invitations, PersonAdministration administration) {
        this.memberships = memberships;
        this.invitations = invitations;
        this.administration = administration;
    }

    @GetMapping
    String people(@PathVariable String slug, HttpServletRequest request, Model model) {
        return show(slug, EMPTY, Map.of(), "", request, model);
    }

    private MemberOrganisation organisation(String slug, HttpServletRequest request) {
        return memberships
                .organisation(slug)
                .filter(found -> memberships.manages(signedIn(request).person(), found))
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    private String show(
            String slug,
            InvitationForm form,
            Map<String, String> wrong,
            String refused,
            HttpServletRequest request,
            Model model) {
        MemberOrganisation organisation = organisation(slug, request);
        AccountPerson person = signedIn(request).person();
        model.addAttribute("organisation", organisation);
        model.addAttribute("person", person);
        model.addAttribute("members", memberships.members(organisation));
        model.addAttribute("invitations", invitations.open(organisation));
        model.addAttribute("allRoles", List.of(Role.values()));
        model.addAttribute("languages", SupportedLanguage.nativeNames());
        model.addAttribute("form", form);
        model.addAttribute("wrong", wrong);
        model.addAttribute("refused", refused);
        return "people";
    }

    /** Invites a person by mail. */
    @PostMapping("/invite")
    String invite(
            @PathVariable String slug,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String email,
            @RequestParam(defaultValue = "") List<String> roles,
            @RequestParam(defaultValue = "") String petition,
            @RequestParam(defaultValue = "") String language,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        MemberOrganisation organisation = organisation(slug, request);
        String known = SupportedLanguage.of(Locale.forLanguageTag(language))
                .orElse(SupportedLanguage.ENGLISH)
                .code();
        InvitationForm form = new InvitationForm(name, email, roles, petition, known);
        Map<String, String> wrong =
                invitations.invite(signedIn(request).person(), organisation, form, request.getRemoteAddr());
        if (!wrong.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return show(slug, form, wrong, "", request, model);
        }
        return redirect(organisation);
    }

    private static String redirect(MemberOrganisation organisation) {
        return "redirect:/people/" + organisation.slug();
    }

    /** @param id the invitation to withdraw */
    @PostMapping("/withdraw")
    String withdraw(@PathVariable String slug, @RequestParam UUID id, HttpServletRequest request) {
        MemberOrganisation organisation = organisation(slug, request);
        invitations.withdraw(signedIn(request).person(), organisation, id, request.getRemoteAddr());
        return redirect(organisation);
    }

    /** Gives a member other roles. */
    @PostMapping("/roles")
    String roles(
            @PathVariable String slug,
            @RequestParam UUID member,
            @RequestParam(defaultValue = "") String petition,
            @RequestParam(defaultValue = "") List<String> roles,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        MemberOrganisation organisation = organisation(slug, request);
        Optional<String> refused = administration.changeRoles(
                signedIn(request).person(), organisation, member, petition, roles, request.getRemoteAddr());
        return answer(organisation, refused, request, response, model);
    }

    /** Ends all roles of a member. */
    @PostMapping("/remove")
    String remove(
            @PathVariable String slug,
            @RequestParam UUID member,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        MemberOrganisation organisation = organisation(slug, request);
        Optional<String> refused =
                administration.endMembership(signedIn(request).person(), organisation, member, request.getRemoteAddr());
        return answer(organisation, refused, request, response, model);
    }

    /** Disables the account of a member. */
    @PostMapping("/disable")
    String disable(
            @PathVariable String slug,
            @RequestParam UUID member,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        MemberOrganisation organisation = organisation(slug, request);
        Optional<String> refused =
                administration.disable(signedIn(request).person(), organisation, member, request.getRemoteAddr());
        return answer(organisation, refused, request, response, model);
    }

    private String answer(
            MemberOrganisation organisation,
            Optional<String> refused,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        if (refused.isPresent()) {
            response.setStatus(HttpStatus.CONFLICT.value());
            return show(organisation.slug(), EMPTY, Map.of(), refused.get(), request, model);
        }
        return redirect(organisation);
    }
}
