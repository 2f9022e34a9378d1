package org.countersign.signature.search;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.countersign.events.PetitionSlug;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Searches petitions by words. The work is bounded: few searches run at a time, each has a timeout, and only the newest
 * matches are ranked. Results are remembered until a petition changes, in a cache of limited size.
 */
@Component
public class PetitionSearch {

    /** The maximum number of matches. */
    public static final int MAX_MATCHES = 1000;

    private static final int MAX_CONCURRENT_SEARCHES = 2;
    private static final Duration WAIT_TIMEOUT = Duration.ofMillis(500);
    private static final int QUERY_TIMEOUT_SECONDS = 2;
    private static final int MAX_REMEMBERED_MATCHES = 200_000;
    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(1);

    /**
     * Words in the reader's language find other forms, and words as written find petitions of any language. A query
     * without a word that must occur would match by scanning the whole index, so it has no matches.
     */
    private static final String SEARCH = """
            select petition
            from (
                select s.petition, s.words, s.global_index, asked.query
                from (
                    select websearch_to_tsquery(cast(? as regconfig), given.words)
                        || websearch_to_tsquery('simple', given.words) as query
                    from (select cast(? as text) as words) given
                ) asked
                join petition_search s on s.words @@ asked.query
                where querytree(asked.query) not in ('', 'T')
                order by s.global_index desc
                limit ?
            ) found
            order by ts_rank(words, query) desc, global_index desc""";

    private final SearchIndex index;
    private final TextSearchConfigurations configurations;
    private final JdbcTemplate database;
    private final Semaphore permits = new Semaphore(MAX_CONCURRENT_SEARCHES);
    private final Cache<SearchKey, SearchMatches> remembered = Caffeine.newBuilder()
            .maximumWeight(MAX_REMEMBERED_MATCHES)
            .weigher((SearchKey key, SearchMatches matches) ->
                    10 + matches.petitions().size())
            .expireAfterWrite(REMEMBERED_FOR)
            .build();

    PetitionSearch(SearchIndex index, TextSearchConfigurations configurations, JdbcTemplate database) {
        this.index = index;
        this.configurations = configurations;
        this.database = new JdbcTemplate(Objects.requireNonNull(database.getDataSource()));
        this.database.setQueryTimeout(QUERY_TIMEOUT_SECONDS);
    }

    /**
     * The petitions that match.
     *
     * @param petitions the best match first
     * @param complete whether there are no others; if not, they are the newest ones
     */
    public record SearchMatches(List<PetitionSlug> petitions, boolean complete) {}

    private record SearchKey(SearchWords words, String configuration, long position) {}

    /**
     * Finds petitions in all languages.
     *
     * @param words what the reader typed
     * @param reader the language of the reader
     * @throws org.springframework.dao.DataAccessException if the database does not answer in time, or too many searches
     *     run
     */
    public SearchMatches find(SearchWords words, Locale reader) {
        index.addNewest();
        SearchKey key = new SearchKey(words, configurations.of(reader), index.position());
        return remembered.get(key, this::search);
    }

    private SearchMatches search(SearchKey key) {
        if (!acquire()) {
            throw new TransientDataAccessResourceException("Too many searches run at the moment");
        }
        try {
            List<PetitionSlug> found = database.query(
                    SEARCH,
                    (row, number) -> new PetitionSlug(row.getString(1)),
                    key.configuration(),
                    key.words().text(),
                    MAX_MATCHES + 1);
            boolean complete = found.size() <= MAX_MATCHES;
            return new SearchMatches(complete ? found : List.copyOf(found.subList(0, MAX_MATCHES)), complete);
        } finally {
            permits.release();
        }
    }

    private boolean acquire() {
        try {
            return permits.tryAcquire(WAIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
