package org.countersign.counting.order;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.ObjLongConsumer;

/**
 * Puts what comes from many partitions back into the order of the log. Since the log has no gaps, it is known which
 * index comes next: it heads one of the partitions, or has not arrived yet. What has been given out before is passed
 * over.
 *
 * @param <P> names a partition
 * @param <E> what is put in order; it waits in memory, so it had better be small
 */
public final class LogOrderMerger<P, E> {

    private record Entry<E>(long index, long offset, E event) {}

    /** What of one partition waits, in its order. */
    private record Queue<P, E>(P partition, Deque<Entry<E>> entries) {

        private boolean isHeadedByUpTo(long index) {
            Entry<E> first = entries.peek();
            return first != null && first.index <= index;
        }
    }

    /**
     * Of each partition. The more waits, the more the collector has to move about: 10,000 events cost half of a
     * counter's time.
     */
    private static final int MUCH = 2_000;

    private final Map<P, Queue<P, E>> waiting = new HashMap<>();
    private final Map<P, Long> nextOffsets = new HashMap<>();
    private long next;

    /** @param last the index after which it begins */
    public LogOrderMerger(long last) {
        this.next = last + 1;
    }

    /** The first index that has not been given out. */
    public long next() {
        return next;
    }

    /** Takes what stands at an offset of a partition; offsets of a partition come in rising order. */
    public void add(P partition, long offset, long index, E event) {
        if (index < next) {
            pass(partition, offset);
        } else {
            queue(partition).entries.add(new Entry<>(index, offset, event));
        }
    }

    /** Notes that what stands at an offset has no place in the log. */
    public void pass(P partition, long offset) {
        // While others of its partition wait, their offset is where reading must go on after a restart.
        if (queue(partition).entries.isEmpty()) {
            nextOffsets.put(partition, offset + 1);
        }
    }

    private Queue<P, E> queue(P partition) {
        return waiting.computeIfAbsent(partition, name -> new Queue<>(name, new ArrayDeque<>()));
    }

    /** Gives the consumer, in log order, what follows without a gap, each with its index. */
    public void drain(ObjLongConsumer<E> consumer) {
        drain(Long.MAX_VALUE, consumer);
    }

    /**
     * Gives the consumer, in log order, what follows without a gap, each with its index.
     *
     * @param last what comes after this index waits
     */
    public void drain(long last, ObjLongConsumer<E> consumer) {
        for (Queue<P, E> queue = queueOfNext(); queue != null && next <= last; queue = queueOfNext()) {
            long offset = -1;
            while (next <= last && queue.isHeadedByUpTo(next)) {
                Entry<E> entry = queue.entries.remove();
                // An index below is a second copy: the first has been given out.
                if (entry.index == next) {
                    consumer.accept(entry.event, next);
                    next++;
                }
                offset = entry.offset;
            }
            nextOffsets.put(queue.partition, offset + 1);
        }
    }

    /** Gives up on what is missing before the first that waits; answers whether anything waits. */
    public boolean skip() {
        OptionalLong first = waiting.values().stream()
                .map(queue -> queue.entries.peek())
                .filter(Objects::nonNull)
                .mapToLong(Entry::index)
                .min();
        first.ifPresent(index -> next = Math.max(next, index));
        return first.isPresent();
    }

    private Queue<P, E> queueOfNext() {
        for (Queue<P, E> queue : waiting.values()) {
            if (queue.isHeadedByUpTo(next)) {
                return queue;
            }
        }
        return null;
    }

    /** For each partition the first offset that has not been dealt with, as far as it has moved since the last call. */
    public Map<P, Long> takeMovedOffsets() {
        Map<P, Long> moved = Map.copyOf(nextOffsets);
        nextOffsets.clear();
        return moved;
    }

    /** The partitions of which so much waits that reading on would only fill the memory. */
    public Set<P> crowded() {
        Set<P> crowded = new HashSet<>();
        waiting.forEach((partition, queue) -> {
            if (queue.entries.size() > MUCH) {
                crowded.add(partition);
            }
        });
        return crowded;
    }

    /** How many wait for an earlier one. */
    public int size() {
        return waiting.values().stream().mapToInt(queue -> queue.entries.size()).sum();
    }
}
