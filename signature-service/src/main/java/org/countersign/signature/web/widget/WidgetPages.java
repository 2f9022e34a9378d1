package org.countersign.signature.web.widget;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.web.counts.LiveCounter;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.util.HtmlUtils;

/**
 * The widget: the count of a petition on other sites.
 *
 * <p>The widget is a document in a frame that {@code embed.js} creates. It links to the petition and has no form, so
 * that no site can trick its visitors into signing.
 */
@Controller
public class WidgetPages {

    static final int WIDTH = 480;
    static final int HEIGHT = 240;
    private static final Duration MAX_AGE = Duration.ofHours(1);

    private final Petitions petitions;
    private final LiveCounter live;
    private final String site;

    WidgetPages(Petitions petitions, LiveCounter live, @Value("${countersign.public-url}") String site) {
        this.petitions = petitions;
        this.live = live;
        this.site = site;
    }

    @GetMapping("/embed/{slug}")
    String widget(@PathVariable String slug, Model model) {
        Petition petition = petitions.get(slug);
        live.show(petition, model);
        model.addAttribute("open", petitions.isOpen(petition));
        return "embed";
    }

    /**
     * Returns how to embed a petition (oEmbed 1.0).
     *
     * @param url the URL of the petition's page
     * @param format {@code json}; the response to any other format is 501, as oEmbed requires
     */
    @GetMapping("/oembed")
    @ResponseBody
    ResponseEntity<Map<String, Object>> embedding(
            @RequestParam(defaultValue = "") String url, @RequestParam(defaultValue = "json") String format) {
        if (!format.equals("json")) {
            return ResponseEntity.status(HttpStatus.NOT_IMPLEMENTED).build();
        }
        Petition petition = petitions.get(slug(url));
        Map<String, Object> answer = new TreeMap<>(Map.of(
                "version",
                "1.0",
                "type",
                "rich",
                "provider_name",
                "Countersign",
                "provider_url",
                site,
                "title",
                petition.title(),
                "cache_age",
                MAX_AGE.toSeconds(),
                "width",
                WIDTH,
                "height",
                HEIGHT));
        answer.put(
                "html",
                ("<iframe src=\"%s/embed/%s\" title=\"%s\" width=\"%d\" height=\"%d\" "
                                + "style=\"border:0;max-width:100%%\" loading=\"lazy\"></iframe>")
                        .formatted(
                                HtmlUtils.htmlEscape(site),
                                petition.slug(),
                                HtmlUtils.htmlEscape(petition.title()),
                                WIDTH,
                                HEIGHT));
        return ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(MAX_AGE).cachePublic())
                .body(answer);
    }

    private String slug(String url) {
        String prefix = site + "/petitions/";
        try {
            String path = URI.create(url).getPath();
            if (url.startsWith(prefix) && path != null) {
                return path.substring(path.lastIndexOf('/') + 1);
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidFieldsException("url", "must be the URL of a petition's page on this site");
        }
        throw new Rejection(Rejection.Reason.NO_PETITION);
    }
}
