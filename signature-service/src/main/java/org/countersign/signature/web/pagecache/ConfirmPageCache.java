package org.countersign.signature.web.pagecache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.countersign.events.SignerConsent;
import org.countersign.signature.application.Confirmations;
import org.countersign.signature.application.SignatureForm;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.web.i18n.PageLanguageResolver;
import org.countersign.signature.web.links.LinkPages;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.DefaultCsrfToken;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.ServerHttpObservationFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;
import org.springframework.web.util.HtmlUtils;

/**
 * Fast path of {@code LinkPages.confirm}: completes a cached page with the data of the signer.
 *
 * <p>Every signer opens this page once. It is rendered once for each petition, language, country and choice, with
 * placeholders for the link's token, the CSRF token, the name and the comment. The renderer never sees these, so the
 * cache holds no personal data and no token.
 */
@Component
class ConfirmPageCache extends HttpFilter {

    private static final long serialVersionUID = 1L;
    private static final String PATH = "/confirm";
    private static final String TOKEN = "token";

    /** The texts that a page has for one signer. Each is its own placeholder while the page is rendered. */
    private enum SignerText {
        TOKEN,
        CSRF,
        NAME,
        COMMENT;

        private static final List<byte[]> PLACEHOLDERS =
                List.of(values()).stream().map(SignerText::bytes).toList();

        /** Random, so that no petition can contain it. No escaping changes it. */
        private final String placeholder = UUID.randomUUID().toString().replace("-", "");

        String placeholder() {
            return placeholder;
        }

        private byte[] bytes() {
            return placeholder.getBytes(StandardCharsets.US_ASCII);
        }
    }

    private static final int MAX_BYTES = 16_000_000;

    private final transient Confirmations confirmations;
    private final transient PageLanguageResolver languages;
    private final transient Cache<ConfirmPageKey, ConfirmPageEntry> entries = Caffeine.newBuilder()
            .maximumWeight(MAX_BYTES)
            .weigher(
                    (ConfirmPageKey key, ConfirmPageEntry entry) -> entry.page().size())
            .build();

    ConfirmPageCache(Confirmations confirmations, PageLanguageResolver languages) {
        this.confirmations = confirmations;
        this.languages = languages;
    }

    private record ConfirmPageKey(
            String petition,
            Locale locale,
            @Nullable String country,
            @Nullable Boolean publicly,
            @Nullable Boolean updates,
            SignerConsent given) {}

    /** @param petition each event of a petition makes a new {@link Petition} */
    private record ConfirmPageEntry(CachedPage page, Petition petition) {}

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Optional<Confirmations.PendingForm> pending = pending(request);
        if (pending.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        Petition petition = pending.get().petition();
        SignatureForm form = pending.get().form();
        Locale locale = languages.resolveLocale(request);
        ConfirmPageKey key = new ConfirmPageKey(
                petition.slug().value(),
                locale,
                form.country(),
                form.publicly(),
                form.updates(),
                pending.get().given());
        ConfirmPageEntry entry = entries.getIfPresent(key);
        CachedPage page = entry != null && entry.petition() == petition
                ? entry.page()
                : render(key, pending.get(), request, response, chain);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        ServerHttpObservationFilter.findObservationContext(request)
                .ifPresent(observed -> observed.setPathPattern(PATH));
        PageCache.write(page, signerTexts(form, request), locale, request, response);
    }

    /**
     * Returns the form that the link would confirm. The controller answers all other requests: a link that is not
     * valid, a log that cannot be read, and a switch of the language.
     */
    private Optional<Confirmations.PendingForm> pending(HttpServletRequest request) {
        if (!request.getRequestURI().equals(PATH)
                || !request.getMethod().equals("GET")
                || request.getParameter(TOKEN) == null
                || request.getParameter(PageLanguageResolver.LANGUAGE_PARAMETER) != null) {
            return Optional.empty();
        }
        try {
            return confirmations.pending(request.getParameter(TOKEN));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private CachedPage render(
            ConfirmPageKey key,
            Confirmations.PendingForm pending,
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain)
            throws IOException, ServletException {
        ContentCachingResponseWrapper rendered = new ContentCachingResponseWrapper(response);
        chain.doFilter(new PlaceholderRequest(request, pending), rendered);
        CachedPage page = CachedPage.of(rendered.getContentAsByteArray(), SignerText.PLACEHOLDERS);
        if (rendered.getStatus() == HttpServletResponse.SC_OK) {
            entries.put(key, new ConfirmPageEntry(page, pending.petition()));
        }
        return page;
    }

    /** Returns the escaped texts in the order of {@link SignerText}. */
    private static List<byte[]> signerTexts(SignatureForm form, HttpServletRequest request) {
        CsrfToken csrf = (CsrfToken) request.getAttribute(CsrfToken.class.getName());
        return List.of(
                escaped(request.getParameter(TOKEN)),
                escaped(csrf.getToken()),
                escaped(form.name()),
                escaped(form.comment()));
    }

    private static byte[] escaped(@Nullable String text) {
        return text == null
                ? new byte[0]
                : HtmlUtils.htmlEscape(text, StandardCharsets.UTF_8.name()).getBytes(StandardCharsets.UTF_8);
    }

    /** The request as the renderer sees it: with placeholders instead of all texts of the signer. */
    private static final class PlaceholderRequest extends HttpServletRequestWrapper {

        private final CsrfToken csrf;
        private final Confirmations.PendingForm pending;

        PlaceholderRequest(HttpServletRequest request, Confirmations.PendingForm pending) {
            super(request);
            CsrfToken real = (CsrfToken) request.getAttribute(CsrfToken.class.getName());
            this.csrf =
                    new DefaultCsrfToken(real.getHeaderName(), real.getParameterName(), SignerText.CSRF.placeholder());
            SignatureForm form = pending.form();
            this.pending = new Confirmations.PendingForm(
                    pending.petition(),
                    new SignatureForm(
                            SignerText.NAME.placeholder(),
                            null,
                            form.country(),
                            SignerText.COMMENT.placeholder(),
                            form.publicly(),
                            form.updates(),
                            null,
                            null,
                            null,
                            null,
                            form.contact(),
                            null),
                    pending.given());
        }

        @Override
        public @Nullable Object getAttribute(String name) {
            if (name.equals(CsrfToken.class.getName())) {
                return csrf;
            }
            return name.equals(LinkPages.PENDING_FORM) ? pending : super.getAttribute(name);
        }

        @Override
        public @Nullable String getParameter(String name) {
            return name.equals(TOKEN) ? SignerText.TOKEN.placeholder() : null;
        }

        @Override
        public String @Nullable [] getParameterValues(String name) {
            return name.equals(TOKEN) ? new String[] {SignerText.TOKEN.placeholder()} : null;
        }

        @Override
        public Map<String, String[]> getParameterMap() {
            return Map.of(TOKEN, new String[] {SignerText.TOKEN.placeholder()});
        }

        @Override
        public String getQueryString() {
            return TOKEN + "=" + SignerText.TOKEN.placeholder();
        }
    }
}
