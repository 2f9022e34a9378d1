package org.countersign.signature.web.people;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.countersign.signature.people.AccountPerson;
import org.countersign.signature.people.EnrolmentForm;
import org.countersign.signature.people.EnrolmentResult;
import org.countersign.signature.people.PersonInvitations;
import org.countersign.signature.people.PersonInvitations.OpenInvitation;
import org.countersign.signature.people.PersonSessions.SignedIn;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The page of an invitation. Opening it changes nothing, because mail scanners open links. Somebody with an account
 * signs in and accepts; anybody else sets up an account.
 */
@Controller
class InvitationPages extends PeoplePage {

    private final PersonInvitations invitations;
    private final SessionStart sessions;
    private final MessageSource texts;

    InvitationPages(PersonInvitations invitations, SessionStart sessions, MessageSource texts) {
        this.invitations = invitations;
        this.sessions = sessions;
        this.texts = texts;
    }

    @GetMapping("/invitation")
    String invitation(
            @RequestParam(defaultValue = "") String token,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model,
            Locale locale) {
        Optional<OpenInvitation> invitation = invitations.find(token);
        if (invitation.isEmpty()) {
            return gone(response, model, locale);
        }
        EnrolmentForm form =
                new EnrolmentForm(invitation.get().name(), invitation.get().email(), "", "", "");
        return show(token, invitation.get(), form, Map.of(), request, model);
    }

    private String show(
            String token,
            OpenInvitation invitation,
            EnrolmentForm form,
            Map<String, String> wrong,
            HttpServletRequest request,
            Model model) {
        model.addAttribute("token", token);
        model.addAttribute("organisation", invitations.organisation(invitation).name());
        Optional<AccountPerson> known = invitations.invited(invitation);
        if (known.isPresent()) {
            SignedIn session = SignedInFilter.session(request);
            boolean own =
                    session != null && session.person().id().equals(known.get().id());
            model.addAttribute("own", own);
            model.addAttribute("other", session != null && !own);
            model.addAttribute("signIn", NextPage.signIn("/invitation?token=" + token));
            return "invitation";
        }
        model.addAttribute("what", "invitation");
        model.addAttribute("form", form);
        model.addAttribute("secret", invitations.secret(invitation, form.secret()));
        model.addAttribute("wrong", wrong);
        return "enrol";
    }

    private String gone(HttpServletResponse response, Model model, Locale locale) {
        response.setStatus(HttpStatus.GONE.value());
        model.addAttribute("heading", "invitation.gone");
        model.addAttribute("text", texts.getMessage("invitation.gone.text", null, locale));
        model.addAttribute("link", "/sign-in");
        model.addAttribute("label", texts.getMessage("sign-in.title", null, locale));
        return "message";
    }

    /** Accepts as the person who is signed in, or sets up a new person. */
    @PostMapping("/invitation")
    String accept(
            @RequestParam(defaultValue = "") String token,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String password,
            @RequestParam(defaultValue = "") String secret,
            @RequestParam(defaultValue = "") String code,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model,
            Locale locale) {
        SignedIn session = SignedInFilter.session(request);
        if (session != null && invitations.accept(token, session.person(), request.getRemoteAddr())) {
            return "redirect:/account";
        }
        EnrolmentForm form = new EnrolmentForm(name, "", password, secret, code);
        EnrolmentResult result = invitations.accept(token, form, request.getRemoteAddr());
        Optional<OpenInvitation> invitation = invitations.find(token);
        if (result instanceof EnrolmentResult.WrongFields fields && invitation.isPresent()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            EnrolmentForm again = new EnrolmentForm(name, invitation.get().email(), "", secret, "");
            return show(token, invitation.get(), again, fields.wrong(), request, model);
        }
        if (result instanceof EnrolmentResult.Done done) {
            sessions.start(done.person(), request, response);
            model.addAttribute("codes", done.recoveryCodes());
            return "recovery-codes";
        }
        return gone(response, model, locale);
    }
}
