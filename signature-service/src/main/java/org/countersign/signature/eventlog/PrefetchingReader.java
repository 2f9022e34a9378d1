package org.countersign.signature.eventlog;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log from an index on, page by page and in constant memory. PostgreSQL reads the next page while the caller
 * processes the current one. Not thread-safe.
 *
 * @param <T> the form into which each event is converted
 */
public final class PrefetchingReader<T> {

    /** Supplies pages of events. */
    @FunctionalInterface
    public interface PageSource {
        /** Returns up to {@code limit} events after the index, in order. */
        List<StoredEvent> after(long index, int limit);
    }

    /**
     * A page of converted events.
     *
     * @param items empty at the end of the log
     * @param last the index of the last event
     * @param firstAt the time of the first event
     * @param full whether more events may be available
     */
    public record EventPage<T>(List<T> items, long last, Instant firstAt, boolean full) {}

    private final int pageSize;
    private final PageSource source;
    private final Function<StoredEvent, T> converter;
    private long last;
    private @Nullable CompletableFuture<EventPage<T>> prefetched;

    /**
     * Starts reading.
     *
     * @param after the index before the first event
     * @param pageSize the maximum number of events in a page
     * @param source supplies the pages
     * @param converter converts each event
     */
    public PrefetchingReader(long after, int pageSize, PageSource source, Function<StoredEvent, T> converter) {
        this.last = after;
        this.pageSize = pageSize;
        this.source = source;
        this.converter = converter;
    }

    /** Returns the index of the last event of the last page. */
    public long last() {
        return last;
    }

    /** Returns the next page. Only a full page triggers prefetching, so that a page is never older than the call. */
    public EventPage<T> next() {
        EventPage<T> page = prefetched == null ? read(last) : prefetched.join();
        last = page.last;
        prefetched = page.full ? CompletableFuture.supplyAsync(() -> read(page.last)) : null;
        return page;
    }

    /** Passes events to the visitor until the log ends or the visitor returns false. */
    public void forEachWhile(Predicate<T> visitor) {
        EventPage<T> page;
        do {
            page = next();
            for (T item : page.items) {
                if (!visitor.test(item)) {
                    return;
                }
            }
        } while (page.full);
    }

    private EventPage<T> read(long after) {
        List<StoredEvent> events = source.after(after, pageSize);
        return events.isEmpty()
                ? new EventPage<>(List.of(), after, Instant.EPOCH, false)
                : new EventPage<>(
                        events.stream().map(converter).toList(),
                        events.get(events.size() - 1).index(),
                        events.get(0).at(),
                        events.size() == pageSize);
    }
}
