package org.countersign.signature.web.links;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.countersign.signature.application.Consents;
import org.countersign.signature.domain.signature.SignatureView;
import org.countersign.support.access.AccessLog;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Takes the buttons that withdraw a consent, on the page with the signer's data and on the page to withdraw. As in
 * {@link LinkPages}, opening a link changes nothing, and the token in the link authorizes.
 */
@Controller
public class ConsentPages {

    private final Consents consents;
    private final MessageSource texts;
    private final AccessLog log;

    ConsentPages(Consents consents, MessageSource texts, AccessLog log) {
        this.consents = consents;
        this.texts = texts;
        this.log = log;
    }

    @PostMapping("/withdraw-consent")
    String withdrawn(
            @RequestParam(defaultValue = "") String token, Model model, Locale locale, HttpServletRequest request) {
        SignatureView withdrawn = consents.withdraw(token);
        log.record("signer", "erase own data", withdrawn.id().toString(), 1L, request.getRemoteAddr());
        return message("consent-withdrawn", model, locale);
    }

    @PostMapping("/withdraw-contact")
    String contactWithdrawn(@RequestParam(defaultValue = "") String token, Model model, Locale locale) {
        consents.withdrawContact(token);
        return message("contact-withdrawn", model, locale);
    }

    private String message(String what, Model model, Locale locale) {
        model.addAttribute("heading", what + ".title");
        model.addAttribute("text", texts.getMessage(what + ".text", null, locale));
        return "message";
    }
}
