package org.countersign.counter.counting;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.countersign.events.CloudEvent;
import org.countersign.events.CountedEvent;
import org.countersign.events.UnreadableEventException;

/**
 * Puts the records of all partitions back into the order of the log. Since the log has no gaps, it is known which index
 * comes next: it heads one of the partitions, or has not arrived yet. What has been counted before is passed over.
 */
class LogOrder {

    /** An event at its place in the log; empty where the record could not be read. It holds no record: those are several times as large. */
    record Entry(long index, Optional<CountedEvent> event, long offset) {
    }

    /** Reads a record's event; empty if it can't be read, though its index can. */
    @FunctionalInterface
    interface Reader {
        Optional<CountedEvent> read(ConsumerRecord<byte[], byte[]> record, Headers headers);
    }

    /** What of one partition waits, in its order. */
    private static final class Queue {

        private final TopicPartition partition;
        private final Deque<Entry> entries = new ArrayDeque<>();

        private Queue(TopicPartition partition) {
            this.partition = partition;
        }
    }

    /** Of each partition. The more events wait, the more the collector has to move about: 10,000 cost half of the counter's time. */
    private static final int MUCH = 2_000;

    private final Map<TopicPartition, Queue> waiting = new HashMap<>();
    private final Map<TopicPartition, Long> nextOffsets = new HashMap<>();
    private final Headers headers = new Headers();
    private final Reader reader;
    private final Consumer<ConsumerRecord<byte[], byte[]>> unreadable;
    private long next;

    /**
     * @param counted    the index of the last event that was counted
     * @param reader     reads a record's event
     * @param unreadable is given the records that have no index
     */
    LogOrder(long counted, Reader reader, Consumer<ConsumerRecord<byte[], byte[]>> unreadable) {
        this.next = counted + 1;
        this.reader = reader;
        this.unreadable = unreadable;
    }

    /** Takes records of one partition. */
    void add(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        Queue queue = waiting.computeIfAbsent(partition, Queue::new);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            headers.of(record);
            try {
                long index = CloudEvent.index(headers);
                if (index >= next) {
                    queue.entries.add(new Entry(index, reader.read(record, headers), record.offset()));
                    continue;
                }
            } catch (UnreadableEventException e) {
                unreadable.accept(record);
            }
            // While others of its partition wait, their offset is where reading must go on after a restart.
            if (queue.entries.isEmpty()) {
                nextOffsets.put(partition, record.offset() + 1);
            }
        }
    }

    /** Gives the consumer, in log order, the entries that follow without a gap. */
    void drain(Consumer<Entry> consumer) {
        for (Queue queue = queueOfNext(); queue != null; queue = queueOfNext()) {
            long offset = -1;
            for (Entry entry = queue.entries.peek(); entry != null && entry.index <= next; entry = queue.entries.peek()) {
                queue.entries.remove();
                // An index below is a second copy of a record: it has been given out.
                if (entry.index == next) {
                    consumer.accept(entry);
                    next++;
                }
                offset = entry.offset;
            }
            nextOffsets.put(queue.partition, offset + 1);
        }
    }

    private Queue queueOfNext() {
        for (Queue queue : waiting.values()) {
            Entry first = queue.entries.peek();
            if (first != null && first.index <= next) {
                return queue;
            }
        }
        return null;
    }

    /** For each partition the first offset that has not been dealt with, as far as it has moved since the last call. */
    Map<TopicPartition, Long> takeMovedOffsets() {
        Map<TopicPartition, Long> moved = Map.copyOf(nextOffsets);
        nextOffsets.clear();
        return moved;
    }

    /** The partitions of which so much waits that reading on would only fill the memory. */
    Set<TopicPartition> crowded() {
        Set<TopicPartition> crowded = new HashSet<>();
        waiting.forEach((partition, queue) -> {
            if (queue.entries.size() > MUCH) {
                crowded.add(partition);
            }
        });
        return crowded;
    }

    /** How many records wait for an earlier one. */
    int size() {
        return waiting.values().stream().mapToInt(queue -> queue.entries.size()).sum();
    }
}
