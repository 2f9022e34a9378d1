package org.countersign.signature.web.pagecache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.search.ListQuery;
import org.countersign.signature.web.i18n.PageLanguageResolver;
import org.countersign.signature.web.petition.FrontPage;
import org.springframework.stereotype.Component;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Fast path of {@code FrontPage.list}: answers from a cache. Each list is rendered once a second in each language, and
 * at once when a petition changes.
 *
 * <p>Lists and searches have a cache each. Readers choose the words of a search freely, so that searches could
 * otherwise displace the lists that most readers open.
 */
@Component
class FrontPageCache extends HttpFilter {

    private static final long serialVersionUID = 1L;
    private static final long MAX_AGE_NANOS = Duration.ofSeconds(1).toNanos();
    /** While one request renders a page, other readers get the previous page, unless it is older than this. */
    private static final Duration MAX_STALE = Duration.ofSeconds(10);

    private static final int MAX_LIST_BYTES = 8_000_000;
    private static final int MAX_SEARCH_BYTES = 4_000_000;

    private final transient Petitions petitions;
    private final transient PageLanguageResolver languages;
    private final transient Cache<ListKey, ListEntry> lists = cache(MAX_LIST_BYTES);
    private final transient Cache<ListKey, ListEntry> searches = cache(MAX_SEARCH_BYTES);

    FrontPageCache(Petitions petitions, PageLanguageResolver languages) {
        this.petitions = petitions;
        this.languages = languages;
    }

    private static Cache<ListKey, ListEntry> cache(int maxBytes) {
        return Caffeine.newBuilder()
                .expireAfterWrite(MAX_STALE)
                .maximumWeight(maxBytes)
                .weigher((ListKey key, ListEntry entry) -> entry.page().size())
                .build();
    }

    private record ListKey(ListQuery query, Locale locale) {}

    /**
     * A cached page.
     *
     * @param position the position of the petitions that it shows
     * @param renderedAt from {@link System#nanoTime()}
     * @param refreshing whether a request is rendering the next page
     */
    private record ListEntry(CachedPage page, long position, long renderedAt, AtomicBoolean refreshing) {

        /** Whether the page may be served. Returns false to one request at a time once the page is out of date. */
        boolean isUsable(long now) {
            return position == now
                    && (System.nanoTime() - renderedAt < MAX_AGE_NANOS || !refreshing.compareAndSet(false, true));
        }
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Optional<ListQuery> query = query(request);
        if (query.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        ListKey key = new ListKey(query.get(), languages.resolveLocale(request));
        Cache<ListKey, ListEntry> cache = query.get().words().isPresent() ? searches : lists;
        long position = petitions.position();
        ListEntry entry = cache.getIfPresent(key);
        if (entry != null && entry.isUsable(position)) {
            PageCache.write(entry.page(), List.of(), key.locale(), request, response);
            return;
        }
        ContentCachingResponseWrapper rendered = new ContentCachingResponseWrapper(response);
        chain.doFilter(request, rendered);
        if (rendered.getStatus() != HttpServletResponse.SC_OK) {
            rendered.copyBodyToResponse();
            return;
        }
        ListEntry next = new ListEntry(
                CachedPage.of(rendered.getContentAsByteArray()), position, System.nanoTime(), new AtomicBoolean());
        cache.put(key, next);
        PageCache.write(next.page(), List.of(), key.locale(), request, response);
    }

    /** Returns the list that is requested. The controller answers other requests, and those with a mistake. */
    private static Optional<ListQuery> query(HttpServletRequest request) {
        if (!request.getMethod().equals("GET")
                || !request.getRequestURI().equals("/")
                || request.getParameter(PageLanguageResolver.LANGUAGE_PARAMETER) != null) {
            return Optional.empty();
        }
        try {
            return Optional.of(FrontPage.query(request));
        } catch (InvalidFieldsException e) {
            return Optional.empty();
        }
    }
}
