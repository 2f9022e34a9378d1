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
import org.springframework.beans.factory.annotation.Value;
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
 * The preview image of a petition, which other sites show with a link to it (Open Graph).
 *
 * <p>It shows title, count, goal and next milestone in the language of the petition.
 */
@Controller
public class PicturePage {

    public static final int WIDTH = 1200;
    public static final int HEIGHT = 630;
    /** The narrowest bar that is as wide as it is high, so that the first signature shows. */
    private static final int MIN_PERCENT = 3;

    private final Petitions petitions;
    private final LiveCounter live;
    private final ITemplateEngine templates;
    private final HtmlPrinter printer;
    private final CacheControl cacheControl;
    private final Cache<PetitionSlug, byte[]> images;

    PicturePage(
            Petitions petitions,
            LiveCounter live,
            ITemplateEngine templates,
            HtmlPrinter printer,
            @Value("${countersign.pages.max-age}") Duration maxAge) {
        this.petitions = petitions;
        this.live = live;
        this.templates = templates;
        this.printer = printer;
        this.cacheControl = CacheControl.maxAge(maxAge).cachePublic();
        this.images =
                Caffeine.newBuilder().expireAfterWrite(maxAge).maximumSize(200).build();
    }

    @GetMapping("/petitions/{slug}/picture.png")
    ResponseEntity<byte[]> picture(@PathVariable String slug) {
        Petition petition = petitions.get(slug);
        return ResponseEntity.ok()
                .contentType(MediaType.IMAGE_PNG)
                .cacheControl(cacheControl)
                .body(images.get(petition.slug(), missing -> draw(petition)));
    }

    /** Draws one picture at a time, so that shared links do not take both cores from the signers. */
    private synchronized byte[] draw(Petition petition) {
        return printer.png(html(petition));
    }

    /**
     * Returns the page that the image is drawn from.
     *
     * @param petition whose title, count and goal are shown
     * @return HTML in the language of the petition
     */
    String html(Petition petition) {
        Locale locale = SupportedLanguage.of(Locale.forLanguageTag(petition.language()))
                .orElse(SupportedLanguage.ENGLISH)
                .locale();
        ExtendedModelMap model = new ExtendedModelMap();
        long verified = live.show(petition, model);
        Context context = new Context(locale, model);
        long percent = 100 * verified / petition.goal();
        context.setVariable("percent", Math.max(MIN_PERCENT, Math.min(100, percent)));
        context.setVariable("reader", new PageReader(locale, List.of()));
        return templates.process("picture", context);
    }
}
