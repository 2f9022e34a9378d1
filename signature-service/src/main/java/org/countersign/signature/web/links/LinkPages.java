package org.countersign.signature.web.links;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.application.Alerts;
import org.countersign.signature.application.Confirmations;
import org.countersign.signature.application.Erasure;
import org.countersign.signature.application.MyData;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.application.SignatureForm;
import org.countersign.signature.application.Signing;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.signature.SignatureView;
import org.countersign.signature.web.i18n.CountryNames;
import org.countersign.support.access.AccessLog;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The pages behind the links in mails.
 *
 * <p>Mail scanners open every link, so a GET request changes nothing. The button on the page sends a POST request,
 * which does.
 */
@Controller
public class LinkPages {

    /** The name of the cookie that holds the token of a receipt. */
    public static final String RECEIPT_COOKIE = "receipt";

    /** The request attribute with the form to show, if it has been read already. */
    public static final String PENDING_FORM = "pendingForm";

    private final Signing signing;
    private final Confirmations confirmations;
    private final Erasure erasure;
    private final Alerts alerts;
    private final Petitions petitions;
    private final MessageSource texts;
    private final AccessLog log;

    LinkPages(
            Signing signing,
            Confirmations confirmations,
            Erasure erasure,
            Alerts alerts,
            Petitions petitions,
            MessageSource texts,
            AccessLog log) {
        this.signing = signing;
        this.confirmations = confirmations;
        this.erasure = erasure;
        this.alerts = alerts;
        this.petitions = petitions;
        this.texts = texts;
        this.log = log;
    }

    /**
     * Shows what the confirmation would confirm. If nothing waits for it, the button tells why. Slow path of
     * {@code ConfirmPageCache}, which answers nearly all requests.
     */
    @GetMapping("/confirm")
    String confirm(
            @RequestParam(defaultValue = "") String token,
            @RequestAttribute(name = PENDING_FORM, required = false) Confirmations.@Nullable PendingForm shown,
            Model model,
            HttpServletResponse response,
            Locale locale) {
        response.setHeader("Cache-Control", "no-store");
        return Optional.ofNullable(shown)
                .or(() -> pending(token))
                .map(pending -> confirmPage(pending, pending.form(), Set.of(), token, model, locale))
                .orElseGet(() -> button("confirm", token, model));
    }

    /** A link that is not valid has the button alone. Pressing it tells what is wrong. */
    private Optional<Confirmations.PendingForm> pending(String token) {
        try {
            return confirmations.pending(token);
        } catch (Rejection | InvalidFieldsException e) {
            return Optional.empty();
        }
    }

    private static String confirmPage(
            Confirmations.PendingForm pending,
            SignatureForm form,
            Set<String> wrong,
            String token,
            Model model,
            Locale locale) {
        model.addAttribute("petition", pending.petition());
        model.addAttribute("version", pending.notice().orElse(null));
        model.addAttribute("asksContact", pending.given().notice() > 0);
        model.addAttribute("consented", pending.given().consent());
        model.addAttribute("form", form);
        model.addAttribute("wrong", wrong);
        model.addAttribute("countries", CountryNames.in(locale));
        model.addAttribute("token", token);
        return "confirm";
    }

    /** Confirms what the page shows. A form without a name is the button alone, which confirms what was typed. */
    @PostMapping("/confirm")
    String confirmed(
            @RequestParam(defaultValue = "") String token,
            @RequestParam(required = false) @Nullable String name,
            @RequestParam(required = false) @Nullable String country,
            @RequestParam(required = false) @Nullable String comment,
            @RequestParam(name = "public", defaultValue = "false") boolean publicly,
            @RequestParam(defaultValue = "false") boolean updates,
            @RequestParam(defaultValue = "false") boolean contact,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale) {
        if (name == null) {
            return confirmed(signing.verify(token), request, response);
        }
        SignatureForm left = new SignatureForm(
                name, null, country, comment, publicly, updates, null, null, null, null, contact, null);
        try {
            return confirmed(confirmations.confirm(token, left), request, response);
        } catch (InvalidFieldsException e) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            Set<String> wrong = e.errors().stream()
                    .map(InvalidFieldsException.FieldError::field)
                    .collect(Collectors.toSet());
            return confirmPage(pending(token).orElseThrow(() -> e), left, wrong, token, model, locale);
        }
    }

    private String confirmed(SignatureView signature, HttpServletRequest request, HttpServletResponse response) {
        String page = "/petitions/" + signature.petition() + "/confirmed";
        // The token is in a cookie, because a URL stays in the history of the browser.
        response.addHeader(
                "Set-Cookie",
                ResponseCookie.from(RECEIPT_COOKIE, signing.receiptToken(signature.id()))
                        .path(page)
                        .maxAge(Signing.RECEIPT_TTL)
                        .httpOnly(true)
                        .sameSite("Strict")
                        .secure(request.isSecure())
                        .build()
                        .toString());
        return "redirect:" + page;
    }

    @GetMapping("/withdraw")
    String withdraw(@RequestParam(defaultValue = "") String token, Model model) {
        return button("withdraw", token, model);
    }

    @PostMapping("/withdraw")
    String withdrawn(@RequestParam(defaultValue = "") String token) {
        return "redirect:/petitions/" + signing.withdraw(token).petition() + "/withdrawn";
    }

    @GetMapping("/unsubscribe")
    String unsubscribe(@RequestParam(defaultValue = "") String token, Model model) {
        return button("unsubscribe", token, model);
    }

    /** Stops updates. The unsubscribe button of mail programs posts here too (RFC 8058). */
    @PostMapping("/unsubscribe")
    String unsubscribed(@RequestParam(defaultValue = "") String token, Model model, Locale locale) {
        PetitionSlug petition = signing.stopUpdates(token);
        return message(
                "unsubscribe.title",
                texts.getMessage(
                        "unsubscribed.text",
                        new Object[] {petitions.get(petition.value()).title()},
                        locale),
                model);
    }

    @GetMapping("/stop-alert")
    String stopAlert(@RequestParam(defaultValue = "") String token, Model model) {
        return button("stop-alert", token, model);
    }

    /** Stops the alerts of a recipient whom the organiser added. Like {@link #unsubscribed}, but for recipients. */
    @PostMapping("/stop-alert")
    String alertStopped(@RequestParam(defaultValue = "") String token, Model model, Locale locale) {
        PetitionSlug petition = alerts.stop(token);
        return message(
                "stop-alert.title",
                texts.getMessage(
                        "stopped-alert.text",
                        new Object[] {petitions.get(petition.value()).title()},
                        locale),
                model);
    }

    /** Shows the data stored about a signer, and the button that erases it. */
    @GetMapping("/my-data")
    String myData(
            @RequestParam(defaultValue = "") String token,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response) {
        MyData data = erasure.myData(token);
        log.record("signer", "read own data", data.signatureId(), 1L, request.getRemoteAddr());
        model.addAttribute("data", data);
        model.addAttribute("token", token);
        response.setHeader("Cache-Control", "no-store");
        return "my-data";
    }

    @PostMapping("/my-data")
    String erased(
            @RequestParam(defaultValue = "") String token, Model model, Locale locale, HttpServletRequest request) {
        SignatureView erased = erasure.erase(token);
        log.record("signer", "erase own data", erased.id().toString(), 1L, request.getRemoteAddr());
        return message("erased.title", texts.getMessage("erased.text", null, locale), model);
    }

    private static String message(String heading, String text, Model model) {
        model.addAttribute("heading", heading);
        model.addAttribute("text", text);
        return "message";
    }

    private static String button(String what, String token, Model model) {
        model.addAttribute("what", what);
        model.addAttribute("token", token);
        return "link";
    }
}
