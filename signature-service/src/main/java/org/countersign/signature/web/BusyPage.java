package org.countersign.signature.web;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.signature.web.i18n.PageLanguageResolver;
import org.countersign.support.admission.OverloadPage;
import org.countersign.support.language.SupportedLanguage;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.util.HtmlUtils;

/**
 * The page for a browser whose request was refused because the service is overloaded. A page without a form reloads by
 * itself. After a form, the reader goes back, because only the browser still has what was typed.
 */
@Component
class BusyPage implements OverloadPage {

    private static final int RELOAD_SECONDS = 5;

    private final PageLanguageResolver languages;
    private final MessageSource texts;
    private final Map<PageKey, byte[]> pages = new ConcurrentHashMap<>();

    BusyPage(PageLanguageResolver languages, MessageSource texts) {
        this.languages = languages;
        this.texts = texts;
    }

    /** The page shows no numbers and no times, so that the region of a locale does not matter. */
    private record PageKey(SupportedLanguage language, boolean reloads) {}

    @Override
    public Optional<byte[]> html(HttpServletRequest request) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT);
        if (accepted == null || !accepted.contains("text/html")) {
            return Optional.empty();
        }
        SupportedLanguage language =
                SupportedLanguage.of(languages.ofHeaders(request)).orElse(SupportedLanguage.ENGLISH);
        PageKey key = new PageKey(language, request.getMethod().equals("GET"));
        return Optional.of(pages.computeIfAbsent(key, this::page));
    }

    private byte[] page(PageKey key) {
        Locale locale = key.language().locale();
        String title = text("busy.title", locale);
        String refresh = key.reloads() ? "<meta http-equiv=\"refresh\" content=\"" + RELOAD_SECONDS + "\">" : "";
        return ("<!doctype html><html lang=\"" + locale.toLanguageTag() + "\" dir=\""
                        + key.language().direction()
                        + "\"><head><meta charset=\"utf-8\">" + refresh
                        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                        + "<link rel=\"stylesheet\" href=\"/style.css\"><title>" + title
                        + "</title></head><body><main class=\"narrow\"><h1>" + title + "</h1><p>"
                        + text(key.reloads() ? "busy.reload" : "busy.back", locale)
                        + "</p></main></body></html>")
                .getBytes(StandardCharsets.UTF_8);
    }

    private String text(String code, Locale locale) {
        return HtmlUtils.htmlEscape(texts.getMessage(code, null, locale), StandardCharsets.UTF_8.name());
    }
}
