package org.countersign.signature.web.pagecache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.web.counts.CurrentCounts;
import org.countersign.signature.web.i18n.PageLanguageResolver;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Component;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * The pages that everybody reads, a petition's and the one after signing it: made once a second in each language and
 * not for each reader. What differs is the token that guards the form against other sites; each reader gets their own.
 */
@Component
class PageCache extends HttpFilter {

    private static final long serialVersionUID = 1L;
    private static final Pattern PAGE = Pattern.compile("/petitions/([^/]+)(/signed|/withdrawn)?");
    /** The token's name in a form. */
    private static final byte[] TOKEN = "_csrf".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] NOTHING = {};
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();
    /** While one reader's page is being made the others get the last one, if it is not older. */
    private static final Duration SHOWN = Duration.ofSeconds(10);

    private static final int MEMORY = 8_000_000;

    private final transient Petitions petitions;
    private final transient CurrentCounts counts;
    private final transient PageLanguageResolver languages;
    private final transient Cache<Key, Prepared> prepared = Caffeine.newBuilder()
            .expireAfterWrite(SHOWN)
            .maximumWeight(MEMORY)
            .weigher((Key key, Prepared page) -> page.page().size())
            .build();

    PageCache(Petitions petitions, CurrentCounts counts, PageLanguageResolver languages) {
        this.petitions = petitions;
        this.counts = counts;
        this.languages = languages;
    }

    private record Key(String page, Locale locale) {}

    /** What a page shows, as far as anybody notices at once. */
    private record Shown(Petition petition, boolean open, Optional<CurrentCounts.Counts> counts) {

        /** Whether all is the same but for the counts. The petition is another object once anything happened to it. */
        boolean isOfTheSame(Shown other) {
            return petition == other.petition && open == other.open;
        }
    }

    /**
     * A page that was made.
     *
     * @param hasForm whether it has one, and so a token
     * @param beingMade whether somebody makes the next one
     */
    private record Prepared(CachedPage page, boolean hasForm, Shown shown, long at, AtomicBoolean beingMade) {

        boolean isGoodFor(Shown now) {
            boolean fresh = shown.counts().equals(now.counts()) && System.nanoTime() - at < FRESH_NANOS;
            return shown.isOfTheSame(now) && (fresh || !beingMade.compareAndSet(false, true));
        }
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Optional<Petition> petition = petition(request);
        if (petition.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        Key key = new Key(request.getRequestURI(), languages.resolveLocale(request));
        Shown now = new Shown(
                petition.get(),
                petitions.isOpen(petition.get()),
                counts.of(petition.get().slug()));
        Prepared last = prepared.getIfPresent(key);
        if (last != null && last.isGoodFor(now)) {
            write(last, key.locale(), request, response);
        } else {
            make(key, now, request, response, chain);
        }
    }

    /** The petition whose page is asked for, by somebody who wants nothing else done, such as the language switched. */
    private Optional<Petition> petition(HttpServletRequest request) {
        Matcher page = PAGE.matcher(request.getRequestURI());
        return request.getMethod().equals("GET")
                        && page.matches()
                        && PetitionSlug.isSlug(page.group(1))
                        && request.getParameter(PageLanguageResolver.SWITCH) == null
                ? petitions.known(new PetitionSlug(page.group(1)))
                : Optional.empty();
    }

    private void make(Key key, Shown now, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        ContentCachingResponseWrapper made = new ContentCachingResponseWrapper(response);
        chain.doFilter(request, made);
        if (made.getStatus() == HttpServletResponse.SC_OK) {
            byte[] body = made.getContentAsByteArray();
            boolean hasForm = CachedPage.find(body, TOKEN, 0) >= 0;
            CachedPage page = hasForm ? CachedPage.of(body, token(request)) : CachedPage.of(body);
            if (page != null) {
                prepared.put(key, new Prepared(page, hasForm, now, System.nanoTime(), new AtomicBoolean()));
            }
        }
        made.copyBodyToResponse();
    }

    private static byte[] token(HttpServletRequest request) {
        return ((CsrfToken) request.getAttribute(CsrfToken.class.getName()))
                .getToken()
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static void write(Prepared last, Locale locale, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setContentType("text/html;charset=UTF-8");
        response.setLocale(locale);
        response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        String accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
        last.page()
                .write(
                        last.hasForm() ? token(request) : NOTHING,
                        accepted != null && accepted.contains("gzip") && !accepted.contains("gzip;q=0"),
                        response);
    }
}
