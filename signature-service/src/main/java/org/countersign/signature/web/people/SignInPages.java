package org.countersign.signature.web.people;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.UUID;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.people.PersonSignIn;
import org.countersign.signature.people.PersonSignIn.PasswordResult;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages to sign in: address and password, and then the code. */
@Controller
class SignInPages extends PeoplePage {

    private final PersonSignIn signIn;
    private final SessionStart sessions;

    SignInPages(PersonSignIn signIn, SessionStart sessions) {
        this.signIn = signIn;
        this.sessions = sessions;
    }

    /** @param next the page to open afterwards */
    @GetMapping("/sign-in")
    String form(@RequestParam(defaultValue = "") String next, HttpServletRequest request, Model model) {
        if (SignedInFilter.session(request) != null) {
            return "redirect:" + NextPage.of(next);
        }
        return passwordPage(next, "", "", model);
    }

    private static String passwordPage(String next, String email, String wrong, Model model) {
        model.addAttribute("next", NextPage.of(next));
        model.addAttribute("email", email);
        model.addAttribute("wrong", wrong);
        return "sign-in";
    }

    /** Checks address and password. */
    @PostMapping("/sign-in")
    String password(
            @RequestParam(defaultValue = "") String email,
            @RequestParam(defaultValue = "") String password,
            @RequestParam(defaultValue = "") String next,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        PasswordResult result = signIn.password(email, password, request.getRemoteAddr());
        if (result instanceof PasswordResult.CodeNeeded code) {
            return codePage(code.token(), next, "", model);
        }
        if (result instanceof PasswordResult.TooMany many) {
            response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
            response.setHeader(
                    HttpHeaders.RETRY_AFTER, Long.toString(many.retryAfter().toSeconds()));
            return passwordPage(next, email, "sign-in.too-many", model);
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return passwordPage(next, email, "sign-in.wrong", model);
    }

    private static String codePage(String token, String next, String wrong, Model model) {
        model.addAttribute("next", NextPage.of(next));
        model.addAttribute("token", token);
        model.addAttribute("wrong", wrong);
        return "sign-in-code";
    }

    /** Checks the code, and starts a session. */
    @PostMapping("/sign-in/code")
    String code(
            @RequestParam(defaultValue = "") String token,
            @RequestParam(defaultValue = "") String code,
            @RequestParam(defaultValue = "") String next,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        Optional<UUID> person;
        try {
            person = signIn.code(token, code, request.getRemoteAddr());
        } catch (Rejection | InvalidFieldsException e) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return passwordPage(next, "", "sign-in.expired", model);
        }
        if (person.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return codePage(token, next, "sign-in.code.wrong", model);
        }
        sessions.start(person.get(), request, response);
        return "redirect:" + NextPage.of(next);
    }
}
