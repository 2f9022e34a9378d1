package org.countersign.signature.pages;

import jakarta.servlet.http.HttpServletResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.log.LogUnavailableException;
import org.countersign.signature.petition.Petition;
import org.countersign.signature.petition.Petitions;
import org.countersign.signature.petition.Statement;
import org.countersign.signature.problem.InvalidFieldsException;
import org.countersign.signature.signing.SignatureForm;
import org.countersign.signature.signing.Signing;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The list of petitions, a petition's page and the form on it. */
@Controller
class PetitionPages {

    private static final int LISTED = 100;
    private static final Locale LANGUAGE = Locale.ENGLISH;

    private final Petitions petitions;
    private final Signing signing;
    private final LiveCounts counts;
    private final Growth growth;
    private final Statement statement;
    private final LivePart live;
    private final String site;
    private final Map<PetitionSlug, String> statements = new ConcurrentHashMap<>();

    PetitionPages(Petitions petitions, Signing signing, LiveCounts counts, Growth growth, Statement statement, LivePart live,
                  @Value("${countersign.public-url}") String site) {
        this.petitions = petitions;
        this.signing = signing;
        this.counts = counts;
        this.growth = growth;
        this.statement = statement;
        this.live = live;
        this.site = site;
    }

    /** A petition in the list. */
    record Listed(Petition petition, boolean open, Optional<LiveCounts.Counts> counts) {
    }

    @GetMapping("/")
    String list(Model model) {
        List<Petition> newest = petitions.all();
        model.addAttribute("petitions", newest.stream().limit(LISTED)
                .map(petition -> new Listed(petition, petitions.isOpen(petition), counts.of(petition.slug()))).toList());
        return "petitions";
    }

    @GetMapping("/petitions/{slug}")
    String petition(@PathVariable String slug, Model model) {
        return show(petitions.get(slug), new SignatureForm(null, null, null, null, false, false), Map.of(), model);
    }

    @PostMapping("/petitions/{slug}")
    String sign(@PathVariable String slug, @RequestParam(required = false) String name, @RequestParam(required = false) String email,
                @RequestParam(required = false) String country, @RequestParam(required = false) String comment,
                @RequestParam(name = "public", defaultValue = "false") boolean publicly,
                @RequestParam(defaultValue = "false") boolean updates, Model model, HttpServletResponse response) {
        SignatureForm form = new SignatureForm(name, email, country, comment, publicly, updates);
        try {
            signing.sign(slug, form);
        } catch (InvalidFieldsException e) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return show(petitions.get(slug), form, messages(e), model);
        } catch (LogUnavailableException e) {
            // What was typed stays in the form: nobody should have to type it twice because of us.
            response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
            response.setHeader("Retry-After", "5");
            return show(petitions.get(slug), form, Map.of("form", "Your signature could not be recorded just now. Please press the button again in a few seconds."), model);
        }
        return "redirect:/petitions/" + petitions.get(slug).slug() + "/signed";
    }

    @GetMapping("/petitions/{slug}/signed")
    String signed(@PathVariable String slug, Model model) {
        return done(slug, "signed", model);
    }

    @GetMapping("/petitions/{slug}/confirmed")
    String confirmed(@PathVariable String slug, @CookieValue(name = LinkPages.RECEIPT, required = false) String receipt, Model model,
                     HttpServletResponse response) {
        model.addAttribute("receipt", receipt);
        response.setHeader("Cache-Control", "no-store");
        return done(slug, "confirmed", model);
    }

    @GetMapping("/petitions/{slug}/withdrawn")
    String withdrawn(@PathVariable String slug, Model model) {
        return done(slug, "withdrawn", model);
    }

    private String done(String slug, String what, Model model) {
        Petition petition = petitions.get(slug);
        model.addAttribute("what", what);
        live.show(petition, model);
        return "done";
    }

    private String show(Petition petition, SignatureForm form, Map<String, String> errors, Model model) {
        model.addAttribute("open", petitions.isOpen(petition));
        model.addAttribute("statement", statements.computeIfAbsent(petition.slug(), slug -> statement.html(petition.statement())));
        model.addAttribute("form", form);
        model.addAttribute("errors", errors);
        model.addAttribute("countries", Countries.in(LANGUAGE));
        live.show(petition, model);
        model.addAttribute("growth", growth.of(petition, LANGUAGE).orElse(null));
        model.addAttribute("utc", ZoneOffset.UTC);
        model.addAttribute("embedding", "/oembed?url=" + URLEncoder.encode(site + "/petitions/" + petition.slug(), StandardCharsets.UTF_8));
        return "petition";
    }

    private static Map<String, String> messages(InvalidFieldsException e) {
        Map<String, String> messages = new HashMap<>();
        e.errors().forEach(error -> messages.putIfAbsent(error.field(), error.message()));
        return messages;
    }
}
