package org.countersign.signature.web.petition;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import org.countersign.signature.application.MailAgain;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.proof.UnprovedRelease;
import org.countersign.signature.token.AgainTokens;
import org.countersign.signature.token.FormTimes;
import org.countersign.signature.web.counts.LiveCounter;
import org.countersign.signature.web.links.LinkPages;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;

/**
 * The pages after signing, confirming and withdrawing. The page after signing helps to find the mail, and its button
 * asks for it again. {@code PageCache} answers most requests for these pages, so the token is in a cookie.
 */
@Controller
public class AfterSigningPages {

    /** The name of the cookie with the token to ask for the mail again. */
    static final String AGAIN_COOKIE = "again";

    private final Petitions petitions;
    private final MailAgain again;
    private final UnprovedRelease unproved;
    private final LiveCounter live;
    private final FormTimes formTimes;
    private final String sender;
    private final Clock clock;

    /** @param sender the sender's address of mails, which the page shows */
    AfterSigningPages(
            Petitions petitions,
            MailAgain again,
            UnprovedRelease unproved,
            LiveCounter live,
            FormTimes formTimes,
            @Value("${countersign.mail.from}") String sender,
            Clock clock) {
        this.petitions = petitions;
        this.again = again;
        this.unproved = unproved;
        this.live = live;
        this.formTimes = formTimes;
        this.sender = sender;
        this.clock = clock;
    }

    /** Keeps the token of a sign call. It is in a cookie, because a URL stays in the history of the browser. */
    static void keepToken(String token, String slug, HttpServletRequest request, HttpServletResponse response) {
        response.addHeader(
                "Set-Cookie",
                ResponseCookie.from(AGAIN_COOKIE, token)
                        .path("/petitions/" + slug)
                        .maxAge(AgainTokens.TTL)
                        .httpOnly(true)
                        .sameSite("Strict")
                        .secure(request.isSecure())
                        .build()
                        .toString());
    }

    @GetMapping("/petitions/{slug}/signed")
    String signed(@PathVariable String slug, Model model, HttpServletRequest request) {
        addHelp(petitions.get(slug), model, request);
        return pageAfter(slug, "signed", model);
    }

    /** The page after a signing without proof of work. */
    @GetMapping("/petitions/{slug}/later")
    String later(@PathVariable String slug, Model model, HttpServletRequest request) {
        model.addAttribute("delayMinutes", unproved.delayMinutes());
        addHelp(petitions.get(slug), model, request);
        return pageAfter(slug, "later", model);
    }

    private void addHelp(Petition petition, Model model, HttpServletRequest request) {
        model.addAttribute("sender", sender);
        // The page cache replaces it for each reader. A cached page with a form needs one.
        String formTime = (String) request.getAttribute(PetitionPages.FORM_TIME);
        model.addAttribute("formTime", formTime != null ? formTime : formTimes.make(petition.slug(), clock.instant()));
    }

    /** Asks for the mail again. The answer is the same whether or not a mail follows. */
    @PostMapping("/petitions/{slug}/again")
    String again(
            @PathVariable String slug,
            @CookieValue(name = AGAIN_COOKIE, required = false) @Nullable String token,
            Model model,
            HttpServletResponse response) {
        Petition petition = petitions.get(slug);
        if (again.ask(petition.slug(), token)) {
            return "redirect:/petitions/" + petition.slug() + "/again";
        }
        response.setStatus(HttpStatus.GONE.value());
        return pageAfter(slug, "again.old", model);
    }

    @GetMapping("/petitions/{slug}/again")
    String asked(@PathVariable String slug, Model model) {
        return pageAfter(slug, "again", model);
    }

    @GetMapping("/petitions/{slug}/confirmed")
    String confirmed(
            @PathVariable String slug,
            @CookieValue(name = LinkPages.RECEIPT_COOKIE, required = false) @Nullable String receipt,
            Model model,
            HttpServletResponse response) {
        model.addAttribute("receipt", receipt);
        response.setHeader("Cache-Control", "no-store");
        return pageAfter(slug, "confirmed", model);
    }

    @GetMapping("/petitions/{slug}/withdrawn")
    String withdrawn(@PathVariable String slug, Model model) {
        return pageAfter(slug, "withdrawn", model);
    }

    private String pageAfter(String slug, String what, Model model) {
        Petition petition = petitions.get(slug);
        model.addAttribute("what", what);
        live.show(petition, model);
        return "done";
    }
}
