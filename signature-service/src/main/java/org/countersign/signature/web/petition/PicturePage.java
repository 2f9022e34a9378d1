package org.countersign.signature.web.petition;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.rendering.HtmlPrinter;
import org.countersign.signature.web.counts.LiveCounter;
import org.countersign.signature.web.i18n.PageReader;
import org.countersign.support.language.SupportedLanguage;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.ExtendedModelMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/**
 * The picture that others show when somebody passes a petition on: its title and its number, in the petition's
 * language, in the size that the Open Graph protocol's readers want.
 */
@Controller
public class PicturePage {

    public static final int WIDTH = 1200;
    public static final int HEIGHT = 630;
    private static final int NARROWEST = 3;
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final Petitions petitions;
    private final LiveCounter live;
    private final ITemplateEngine templates;
    private final HtmlPrinter printer;
    private final Cache<PetitionSlug, byte[]> drawn =
            Caffeine.newBuilder().expireAfterWrite(FRESH).maximumSize(200).build();

    PicturePage(Petitions petitions, LiveCounter live, ITemplateEngine templates, HtmlPrinter printer) {
        this.petitions = petitions;
        this.live = live;
        this.templates = templates;
        this.printer = printer;
    }

    @GetMapping("/petitions/{slug}/picture.png")
    ResponseEntity<byte[]> picture(@PathVariable String slug) {
        Petition petition = petitions.get(slug);
        return ResponseEntity.ok()
                .contentType(MediaType.IMAGE_PNG)
                .cacheControl(CacheControl.maxAge(FRESH).cachePublic())
                .body(drawn.get(petition.slug(), missing -> draw(petition)));
    }

    /**
     * One at a time: while many people pass petitions on, many sign, and two cores are not to be busy with pictures.
     */
    private synchronized byte[] draw(Petition petition) {
        Locale locale = SupportedLanguage.of(Locale.forLanguageTag(petition.language()))
                .orElse(SupportedLanguage.ENGLISH)
                .locale();
        ExtendedModelMap model = new ExtendedModelMap();
        live.show(petition, model);
        Context context = new Context(locale, model);
        // Never narrower than it is high: the first signature shows too.
        context.setVariable(
                "percent",
                Math.max(NARROWEST, Math.min(100, 100 * (long) model.get("verified") / (long) model.get("next"))));
        context.setVariable("reader", new PageReader(locale, List.of()));
        return printer.png(templates.process("picture", context));
    }
}
