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
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.cases.PublicCase;
import org.countersign.signature.cases.PublicCases;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.screening.AttackScreening;
import org.countersign.signature.token.FormTimes;
import org.countersign.signature.web.counts.CurrentCounts;
import org.countersign.signature.web.i18n.PageLanguageResolver;
import org.countersign.signature.web.petition.PetitionPages;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Component;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Fast path of {@code PetitionPages.petition} and of the pages after signing and withdrawing: answers from a cache.
 *
 * <p>Each page is rendered once a second in each language, not for each reader. Readers differ only in the CSRF token
 * of the form and in the signed time beside it. The cache puts those of the reader in their places. {@link #write}
 * builds the response of a cached page and of a page that was rendered for this request.
 */
@Component
class PageCache extends HttpFilter {

    private static final long serialVersionUID = 1L;
    private static final Pattern PAGE = Pattern.compile("/petitions/([^/]+)(/signed|/later|/again|/withdrawn)?");
    /** The name of the CSRF token in a form. */
    private static final byte[] TOKEN_PARAMETER = "_csrf".getBytes(StandardCharsets.US_ASCII);

    private static final long MAX_AGE_NANOS = Duration.ofSeconds(1).toNanos();
    /** While one request renders a page, other readers get the previous page, unless it is older than this. */
    private static final Duration MAX_STALE = Duration.ofSeconds(10);

    private static final int MAX_BYTES = 8_000_000;

    private final transient Petitions petitions;
    private final transient CurrentCounts counts;
    private final transient PublicCases cases;
    private final transient AttackScreening attacks;
    private final transient PageLanguageResolver languages;
    private final transient FormTimes formTimes;
    private final transient Clock clock;
    private final transient Cache<CacheKey, CacheEntry> entries = Caffeine.newBuilder()
            .expireAfterWrite(MAX_STALE)
            .maximumWeight(MAX_BYTES)
            .weigher((CacheKey key, CacheEntry entry) -> entry.page().size())
            .build();

    PageCache(
            Petitions petitions,
            CurrentCounts counts,
            PublicCases cases,
            AttackScreening attacks,
            PageLanguageResolver languages,
            FormTimes formTimes,
            Clock clock) {
        this.petitions = petitions;
        this.counts = counts;
        this.cases = cases;
        this.attacks = attacks;
        this.languages = languages;
        this.formTimes = formTimes;
        this.clock = clock;
    }

    private record CacheKey(String page, Locale locale) {}

    /** What a page shows and readers expect to be current. */
    private record PageContent(
            Petition petition,
            boolean open,
            boolean underAttack,
            Optional<CurrentCounts.PageCounts> counts,
            List<PublicCase> cases) {

        /**
         * Whether only the counts and the numbers of cases may differ. Each event of a petition makes a new
         * {@link Petition}.
         */
        boolean hasSamePetition(PageContent other) {
            return petition == other.petition
                    && open == other.open
                    && underAttack == other.underAttack
                    && stages().equals(other.stages());
        }

        /** A case that opens, ends or is undone shows at once. */
        private List<String> stages() {
            return cases.stream().map(one -> one.id() + " " + one.state()).toList();
        }

        private boolean hasSameNumbers(PageContent other) {
            return counts.equals(other.counts) && cases.equals(other.cases);
        }
    }

    /**
     * A cached page.
     *
     * @param hasForm whether the page has a form, and so a CSRF token and a signed time
     * @param renderedAt from {@link System#nanoTime()}
     * @param refreshing whether a request is rendering the next page
     */
    private record CacheEntry(
            CachedPage page, boolean hasForm, PageContent content, long renderedAt, AtomicBoolean refreshing) {

        /** Whether the page may be served. Returns false to one request at a time once the page is out of date. */
        boolean isUsableFor(PageContent now) {
            boolean fresh = content.hasSameNumbers(now) && System.nanoTime() - renderedAt < MAX_AGE_NANOS;
            return content.hasSamePetition(now) && (fresh || !refreshing.compareAndSet(false, true));
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
        request.setAttribute(
                PetitionPages.FORM_TIME, formTimes.make(petition.get().slug(), clock.instant()));
        CacheKey key = new CacheKey(request.getRequestURI(), languages.resolveLocale(request));
        PageContent now = new PageContent(
                petition.get(),
                petitions.isOpen(petition.get()),
                attacks.isUnderAttack(petition.get().slug()),
                counts.of(petition.get().slug()),
                cases.of(petition.get().slug()));
        CacheEntry entry = entries.getIfPresent(key);
        if (entry != null && entry.isUsableFor(now)) {
            write(entry.page(), readerTexts(entry, request), key.locale(), request, response);
        } else {
            render(key, now, request, response, chain);
        }
    }

    /** Returns the petition whose page is requested. A request that switches the language is left to the controller. */
    private Optional<Petition> petition(HttpServletRequest request) {
        Matcher page = PAGE.matcher(request.getRequestURI());
        return request.getMethod().equals("GET")
                        && page.matches()
                        && PetitionSlug.isSlug(page.group(1))
                        && request.getParameter(PageLanguageResolver.LANGUAGE_PARAMETER) == null
                ? petitions.known(new PetitionSlug(page.group(1)))
                : Optional.empty();
    }

    /** Has the page rendered, keeps it for the next readers, and writes it as they get it. */
    private void render(
            CacheKey key, PageContent now, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        ContentCachingResponseWrapper rendered = new ContentCachingResponseWrapper(response);
        chain.doFilter(request, rendered);
        Optional<CacheEntry> entry = rendered.getStatus() == HttpServletResponse.SC_OK
                ? entry(rendered.getContentAsByteArray(), now, request)
                : Optional.empty();
        if (entry.isEmpty()) {
            rendered.copyBodyToResponse();
            return;
        }
        entries.put(key, entry.get());
        write(entry.get().page(), readerTexts(entry.get(), request), key.locale(), request, response);
    }

    private static Optional<CacheEntry> entry(byte[] body, PageContent content, HttpServletRequest request) {
        boolean hasForm = CachedPage.contains(body, TOKEN_PARAMETER);
        Optional<CachedPage> page =
                hasForm ? CachedPage.ofOnceEach(body, formTexts(request)) : Optional.of(CachedPage.of(body));
        return page.map(made -> new CacheEntry(made, hasForm, content, System.nanoTime(), new AtomicBoolean()));
    }

    private static List<byte[]> readerTexts(CacheEntry entry, HttpServletRequest request) {
        return entry.hasForm() ? formTexts(request) : List.of();
    }

    private static List<byte[]> formTexts(HttpServletRequest request) {
        String formTime = (String) request.getAttribute(PetitionPages.FORM_TIME);
        return List.of(token(request), formTime.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] token(HttpServletRequest request) {
        return ((CsrfToken) request.getAttribute(CsrfToken.class.getName()))
                .getToken()
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Writes the response, whether the page comes from the cache or was rendered for this request. */
    static void write(
            CachedPage page,
            List<byte[]> readerTexts,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        response.setContentType("text/html;charset=UTF-8");
        response.setLocale(locale);
        response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        String accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
        boolean compressed = accepted != null && accepted.contains("gzip") && !accepted.contains("gzip;q=0");
        page.write(readerTexts, compressed, response);
    }
}
