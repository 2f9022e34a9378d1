package org.countersign.signature.web.links;

import java.util.Locale;
import org.countersign.signature.application.SuppressedRecipients;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The pages that stop all mails to a recipient, and allow them again. As in {@link LinkPages}, a GET request changes
 * nothing, and the token in the link authorizes.
 */
@Controller
public class NeverWritePages {

    private final SuppressedRecipients suppressed;
    private final MessageSource texts;

    NeverWritePages(SuppressedRecipients suppressed, MessageSource texts) {
        this.suppressed = suppressed;
        this.texts = texts;
    }

    @GetMapping("/never-write")
    String neverWrite(@RequestParam(defaultValue = "") String token, Model model) {
        return button("never-write", token, model);
    }

    /** Stops all mails, and shows the link that allows them again. */
    @PostMapping("/never-write")
    String suppressed(@RequestParam(defaultValue = "") String token, Model model, Locale locale) {
        String undo = suppressed.suppress(token);
        model.addAttribute("link", "/write-again?token=" + undo);
        model.addAttribute("label", texts.getMessage("write-again.link", null, locale));
        return message("never-write", model, locale);
    }

    @GetMapping("/write-again")
    String writeAgain(@RequestParam(defaultValue = "") String token, Model model) {
        return button("write-again", token, model);
    }

    @PostMapping("/write-again")
    String allowed(@RequestParam(defaultValue = "") String token, Model model, Locale locale) {
        suppressed.allow(token);
        return message("write-again", model, locale);
    }

    private String message(String what, Model model, Locale locale) {
        model.addAttribute("heading", what + ".done.title");
        model.addAttribute("text", texts.getMessage(what + ".done.text", null, locale));
        return "message";
    }

    private static String button(String what, String token, Model model) {
        model.addAttribute("what", what);
        model.addAttribute("token", token);
        return "link";
    }
}
