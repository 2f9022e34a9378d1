package org.countersign.signature.eventlog;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The log from an index on, page by page and in constant memory: while one page is worked on, PostgreSQL reads the
 * next. For one thread.
 *
 * @param <T> what is made of each event, where it is read
 */
public final class PrefetchingReader<T> {

    /** Where pages come from. */
    @FunctionalInterface
    public interface Source {
        /** Up to {@code limit} events after the given index, in order. */
        List<StoredEvent> after(long index, int limit);
    }

    /**
     * What is read at a time.
     *
     * @param items empty if there was nothing after the page before
     * @param last the index of the last event
     * @param firstAt when the first event happened
     * @param isFull whether there may be more at once
     */
    public record Page<T>(List<T> items, long last, Instant firstAt, boolean isFull) {}

    private final int size;
    private final Source source;
    private final Function<StoredEvent, T> as;
    private long last;
    private CompletableFuture<Page<T>> ahead;

    /**
     * Reads from an index on.
     *
     * @param after the first event is the one after this index
     * @param size how many events a page has at most
     * @param as what is made of each event
     */
    public PrefetchingReader(long after, int size, Source source, Function<StoredEvent, T> as) {
        this.last = after;
        this.size = size;
        this.source = source;
        this.as = as;
    }

    /** The index of the last event given out. */
    public long last() {
        return last;
    }

    /**
     * The next page; only after a full one the following is read ahead, so that a page is never older than the call.
     */
    public Page<T> next() {
        Page<T> page = ahead == null ? read(last) : ahead.join();
        last = page.last;
        ahead = page.isFull ? CompletableFuture.supplyAsync(() -> read(page.last)) : null;
        return page;
    }

    /** Gives out all that follows, until the log ends or the visitor answers that it has seen enough. */
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
