package org.countersign.signature.web.people;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import org.countersign.signature.people.AccountPerson;
import org.countersign.signature.people.PersonMemberships;
import org.countersign.signature.people.PersonSessions;
import org.countersign.signature.people.PersonSessions.SignedIn;
import org.countersign.signature.people.PersonSignIn;
import org.countersign.signature.people.PersonSignIn.PasswordResult;
import org.countersign.support.access.AccessLog;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of the own account: sessions, password, and the way to the people of an organisation. */
@Controller
class AccountPages extends PeoplePage {

    private final PersonSessions sessions;
    private final PersonSignIn signIn;
    private final PersonMemberships memberships;
    private final AccessLog log;

    AccountPages(PersonSessions sessions, PersonSignIn signIn, PersonMemberships memberships, AccessLog log) {
        this.sessions = sessions;
        this.signIn = signIn;
        this.memberships = memberships;
        this.log = log;
    }

    @GetMapping("/account")
    String account(HttpServletRequest request, Model model) {
        return show(request, Map.of(), model);
    }

    private String show(HttpServletRequest request, Map<String, String> wrong, Model model) {
        SignedIn session = signedIn(request);
        AccountPerson person = session.person();
        model.addAttribute("person", person);
        model.addAttribute("session", session.id());
        model.addAttribute("sessions", sessions.list(person.id()));
        model.addAttribute("organisations", memberships.managedBy(person));
        model.addAttribute("codesLeft", signIn.recoveryCodesLeft(person));
        model.addAttribute("wrong", wrong);
        return "account";
    }

    /** Ends the session of this browser. */
    @PostMapping("/account/sign-out")
    String signOut(HttpServletRequest request, HttpServletResponse response) {
        SignedIn session = signedIn(request);
        record(session, "sign out", request);
        sessions.end(session.person().id(), session.id());
        SessionCookie.delete(request, response);
        return "redirect:/sign-in";
    }

    /** @param id the session to end */
    @PostMapping("/account/sessions/end")
    String end(@RequestParam(defaultValue = "") String id, HttpServletRequest request) {
        SignedIn session = signedIn(request);
        record(session, "end session", request);
        sessions.end(session.person().id(), id);
        return "redirect:/account";
    }

    /** Ends all other sessions of the person. */
    @PostMapping("/account/sessions/end-others")
    String endOthers(HttpServletRequest request) {
        SignedIn session = signedIn(request);
        record(session, "end other sessions", request);
        sessions.endOthers(session.person().id(), session.id());
        return "redirect:/account";
    }

    private void record(SignedIn session, String action, HttpServletRequest request) {
        log.record(session.person().actor(), action, "", null, request.getRemoteAddr());
    }

    /** Changes the password, and ends all other sessions. */
    @PostMapping("/account/password")
    String password(
            @RequestParam(defaultValue = "") String present,
            @RequestParam(defaultValue = "") String password,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        SignedIn session = signedIn(request);
        Map<String, String> wrong = new LinkedHashMap<>();
        if (!PersonSignIn.isAllowedPassword(password)) {
            wrong.put("password", "person.wrong.password");
        } else {
            PasswordResult result = signIn.changePassword(session.person(), present, password, request.getRemoteAddr());
            if (result instanceof PasswordResult.Wrong) {
                wrong.put("present", "account.password.wrong");
            } else if (result instanceof PasswordResult.TooMany) {
                wrong.put("present", "sign-in.too-many");
            }
        }
        if (!wrong.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return show(request, wrong, model);
        }
        sessions.endOthers(session.person().id(), session.id());
        return "redirect:/account";
    }
}
