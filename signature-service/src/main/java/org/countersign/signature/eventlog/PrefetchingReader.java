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
    public interface Source {
        /** Returns up to {@code limit} events after the index, in order. */
        List<StoredEvent> after(long index, int limit);
    }

    /**
     * A page of converted events.
     *
     * @param items empty at the end of the log
     * @param last the index of the last event
     * @param firstAt the time of the first event
     * @param isFull whether more events may be available
     */
    public record Page<T>(List<T> items, long last, Instant firstAt, boolean isFull) {}

    private final int size;
    private final Source source;
    private final Function<StoredEvent, T> as;
    private long last;
    private @Nullable CompletableFuture<Page<T>> ahead;

    /**
     * Starts reading.
     *
     * @param after the index before the first event
     * @param size the maximum number of events in a page
     * @param source supplies the pages
     * @param as converts each event
     */
    public PrefetchingReader(long after, int size, Source source, Function<StoredEvent, T> as) {
        this.last = after;
        this.size = size;
        this.source = source;
        this.as = as;
    }

    /** Returns the index of the last event of the last page. */
    public long last() {
        return last;
    }

    /** Returns the next page. Only a full page triggers prefetching, so that a page is never older than the call. */
    public Page<T> next() {
        Page<T> page = ahead == null ? read(last) : ahead.join();
        last = page.last;
        ahead = page.isFull ? CompletableFuture.supplyAsync(() -> read(page.last)) : null;
        return page;
    }

    /** Passes events to the visitor until the log ends or the visitor returns false. */
    public void forEachWhile(Predicate<T> visitor) {
        Page<T> page;
        do {
            page = next();
            for (T item : page.items) {
                if (!visitor.test(item)) {
                    return;
                }
            }
        } while (page.isFull);
    }

    private Page<T> read(long after) {
        List<StoredEvent> events = source.after(after, size);
        return events.isEmpty()
                ? new Page<>(List.of(), after, Instant.EPOCH, false)
                : new Page<>(
                        events.stream().map(as).toList(),
                        events.get(events.size() - 1).index(),
                        events.get(0).at(),
                        events.size() == size);
    }
}
