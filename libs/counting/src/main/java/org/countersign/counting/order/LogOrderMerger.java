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
import org.jspecify.annotations.Nullable;

/**
 * Merges the partitions of a topic back into log order. The log has no gaps, so the next index is known: it is at the
 * head of a partition, or has not arrived yet. Events that were passed on already are skipped.
 *
 * @param <P> identifies a partition
 * @param <E> the event in a small form, because it is buffered in memory
 */
public final class LogOrderMerger<P, E> {

    private record Entry<E>(long index, long offset, E event) {}

    /** The buffered events of a partition. */
    private record Queue<P, E>(P partition, Deque<Entry<E>> entries) {

        private boolean isHeadedByUpTo(long index) {
            Entry<E> first = entries.peek();
            return first != null && first.index <= index;
        }
    }

    /**
     * The maximum number of buffered events of a partition. With 10,000, garbage collection takes half of a counter's
     * time.
     */
    private static final int MAX_BUFFERED = 2_000;

    private final Map<P, Queue<P, E>> waiting = new HashMap<>();
    private final Map<P, Long> nextOffsets = new HashMap<>();
    private long next;

    /** @param last the index after which the order begins */
    public LogOrderMerger(long last) {
        this.next = last + 1;
    }

    /** Returns the next index to pass on. */
    public long next() {
        return next;
    }

    /** Adds the event at an offset. Offsets of a partition are rising. */
    public void add(P partition, long offset, long index, E event) {
        if (index < next) {
            pass(partition, offset);
        } else {
            queue(partition).entries.add(new Entry<>(index, offset, event));
        }
    }

    /** Skips an offset whose record has no place in the log. */
    public void pass(P partition, long offset) {
        // While earlier events of the partition are buffered, reading resumes at their offset.
        if (queue(partition).entries.isEmpty()) {
            nextOffsets.put(partition, offset + 1);
        }
    }

    private Queue<P, E> queue(P partition) {
        return waiting.computeIfAbsent(partition, name -> new Queue<>(name, new ArrayDeque<>()));
    }

    /** Passes events and indexes to the consumer in log order, up to the first gap. */
    public void drain(ObjLongConsumer<E> consumer) {
        drain(Long.MAX_VALUE, consumer);
    }

    /**
     * Passes events and indexes to the consumer in log order, up to the first gap.
     *
     * @param last later events stay buffered
     */
    public void drain(long last, ObjLongConsumer<E> consumer) {
        for (Queue<P, E> queue = queueOfNext(); queue != null && next <= last; queue = queueOfNext()) {
            long offset = -1;
            while (next <= last && queue.isHeadedByUpTo(next)) {
                Entry<E> entry = queue.entries.remove();
                // A lower index is a duplicate of an event that was passed on.
                if (entry.index == next) {
                    consumer.accept(entry.event, next);
                    next++;
                }
                offset = entry.offset;
            }
            nextOffsets.put(queue.partition, offset + 1);
        }
    }

    /** Skips the gap before the first buffered event. Returns whether any event is buffered. */
    public boolean skip() {
        OptionalLong first = waiting.values().stream()
                .map(queue -> queue.entries.peek())
                .filter(Objects::nonNull)
                .mapToLong(Entry::index)
                .min();
        first.ifPresent(index -> next = Math.max(next, index));
        return first.isPresent();
    }

    private @Nullable Queue<P, E> queueOfNext() {
        for (Queue<P, E> queue : waiting.values()) {
            if (queue.isHeadedByUpTo(next)) {
                return queue;
            }
        }
        return null;
    }

    /** Returns the next offset to read of each partition that has moved since the last call. */
    public Map<P, Long> takeMovedOffsets() {
        Map<P, Long> moved = Map.copyOf(nextOffsets);
        nextOffsets.clear();
        return moved;
    }

    /** Returns the partitions whose buffer is full. */
    public Set<P> fullPartitions() {
        Set<P> fullPartitions = new HashSet<>();
        waiting.forEach((partition, queue) -> {
            if (queue.entries.size() > MAX_BUFFERED) {
                fullPartitions.add(partition);
            }
        });
        return fullPartitions;
    }

    /** Returns the number of buffered events. */
    public int size() {
        return waiting.values().stream().mapToInt(queue -> queue.entries.size()).sum();
    }
}
