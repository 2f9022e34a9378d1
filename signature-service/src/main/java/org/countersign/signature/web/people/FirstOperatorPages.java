package org.countersign.signature.web.people;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.countersign.signature.people.EnrolmentForm;
import org.countersign.signature.people.EnrolmentResult;
import org.countersign.signature.people.EnrolmentSecret;
import org.countersign.signature.people.OperatorLinks;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of the one-time link that makes the first operator. Opening it changes nothing. */
@Controller
class FirstOperatorPages extends PeoplePage {

    private final OperatorLinks links;
    private final SessionStart sessions;
    private final MessageSource texts;

    FirstOperatorPages(OperatorLinks links, SessionStart sessions, MessageSource texts) {
        this.links = links;
        this.sessions = sessions;
        this.texts = texts;
    }

    @GetMapping("/first-operator")
    String form(
            @RequestParam(defaultValue = "") String token, HttpServletResponse response, Model model, Locale locale) {
        return show(token, new EnrolmentForm("", "", "", "", ""), Map.of(), response, model, locale);
    }

    private String show(
            String token,
            EnrolmentForm form,
            Map<String, String> wrong,
            HttpServletResponse response,
            Model model,
            Locale locale) {
        Optional<EnrolmentSecret> secret = links.open(token, form);
        if (secret.isEmpty()) {
            return gone(response, model, locale);
        }
        model.addAttribute("what", "first-operator");
        model.addAttribute("token", token);
        model.addAttribute("form", form);
        model.addAttribute("secret", secret.get());
        model.addAttribute("wrong", wrong);
        return "enrol";
    }

    private String gone(HttpServletResponse response, Model model, Locale locale) {
        response.setStatus(HttpStatus.GONE.value());
        model.addAttribute("heading", "first-operator.gone");
        model.addAttribute("text", texts.getMessage("first-operator.gone.text", null, locale));
        return "message";
    }

    @PostMapping("/first-operator")
    String complete(
            @RequestParam(defaultValue = "") String token,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String email,
            @RequestParam(defaultValue = "") String password,
            @RequestParam(defaultValue = "") String secret,
            @RequestParam(defaultValue = "") String code,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model,
            Locale locale) {
        EnrolmentForm form = new EnrolmentForm(name, email, password, secret, code);
        EnrolmentResult result = links.complete(token, form, request.getRemoteAddr());
        if (result instanceof EnrolmentResult.WrongFields fields) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return show(token, form, fields.wrong(), response, model, locale);
        }
        if (result instanceof EnrolmentResult.Done done) {
            sessions.start(done.person(), request, response);
            model.addAttribute("codes", done.recoveryCodes());
            return "recovery-codes";
        }
        return gone(response, model, locale);
    }
}
