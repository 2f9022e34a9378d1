package org.countersign.signature.search;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.countersign.events.PetitionPublished;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.ReaderPositions;
import org.countersign.signature.eventlog.StoredEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Fills the table of words from the publications in the event log. Each instance does, because a row that is there
 * already stays as it is. An idle instance sends no query.
 */
@Component
class SearchIndex {

    private static final Logger LOG = LoggerFactory.getLogger(SearchIndex.class);
    private static final String READER = "petition-search";
    private static final int PAGE_SIZE = 100;
    /** The words in the language find other forms. The words as written are for readers of another language. */
    private static final String INSERT = """
            insert into petition_search (petition, global_index, words)
            select ?, ?, setweight(to_tsvector(given.language, given.title), 'A')
                || setweight(to_tsvector('simple', given.title), 'A')
                || setweight(to_tsvector(given.language, given.statement), 'B')
                || setweight(to_tsvector('simple', given.statement), 'B')
            from (select cast(? as regconfig) as language, normalize(cast(? as text), NFC) as title,
                normalize(cast(? as text), NFC) as statement) given
            on conflict (petition) do nothing""";

    private final EventLog log;
    private final ReaderPositions positions;
    private final Petitions petitions;
    private final TextSearchConfigurations configurations;
    private final JdbcTemplate database;
    private final ReentrantLock working = new ReentrantLock();
    private volatile long position;

    SearchIndex(
            EventLog log,
            ReaderPositions positions,
            Petitions petitions,
            TextSearchConfigurations configurations,
            JdbcTemplate database) {
        this.log = log;
        this.positions = positions;
        this.petitions = petitions;
        this.configurations = configurations;
        this.database = database;
    }

    /** Returns the index of the last event whose words this instance knows to be in the table. */
    long position() {
        return position;
    }

    /**
     * Adds the words of petitions that this instance knows and the table may lack, unless another thread does so or
     * there are many. A petition that was just published is then found at once.
     */
    void addNewest() {
        if (position < petitions.position() && working.tryLock()) {
            try {
                addPage();
            } finally {
                working.unlock();
            }
        }
    }

    @Scheduled(fixedDelay = 500, timeUnit = TimeUnit.MILLISECONDS)
    void follow() {
        working.lock();
        try {
            while (position < petitions.position() && addPage()) {
                // A full page: more may follow.
            }
        } catch (DataAccessException e) {
            LOG.debug("Cannot add the words of petitions; retrying on schedule: {}", e.getMessage());
        } finally {
            working.unlock();
        }
    }

    /** The database may have been replaced by a backup, with fewer words. */
    @Scheduled(fixedDelay = 1, initialDelay = 1, timeUnit = TimeUnit.MINUTES)
    void compareWithDatabase() {
        try {
            position = Math.min(position, positions.of(READER));
        } catch (DataAccessException e) {
            LOG.debug("Cannot read the position of the words; retrying on schedule: {}", e.getMessage());
        }
    }

    /** Returns whether the page was full. */
    private boolean addPage() {
        long known = petitions.position();
        long from = Math.max(position, positions.of(READER));
        List<StoredEvent> page = log.petitionEventsAfter(from, PAGE_SIZE);
        List<Object[]> rows = page.stream()
                .filter(stored -> stored.recorded().event() instanceof PetitionPublished)
                .map(this::row)
                .toList();
        if (!rows.isEmpty()) {
            database.batchUpdate(INSERT, rows);
        }
        boolean full = page.size() == PAGE_SIZE;
        long last = page.isEmpty() ? from : page.get(page.size() - 1).index();
        if (last > from) {
            positions.advance(READER, last);
        }
        // The last page ends at or after the newest event that was known before it was read.
        position = full ? last : Math.max(last, known);
        return full;
    }

    private Object[] row(StoredEvent stored) {
        PetitionPublished published = (PetitionPublished) stored.recorded().event();
        String configuration = configurations.of(Locale.forLanguageTag(published.language()));
        return new Object[] {
            published.petition().value(), stored.index(), configuration, published.title(), published.statement()
        };
    }
}
