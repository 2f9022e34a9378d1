package org.countersign.counter.counting;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.countersign.events.CloudEvent;
import org.countersign.events.RecordedEvent;
import org.countersign.events.UnreadableEventException;

/**
 * Puts the records of all partitions back into the order of the log. Since the log has no gaps, it is known which index
 * comes next: it heads one of the partitions, or has not arrived yet. What has been counted before is passed over.
 */
class LogOrder {

    /** An event at its place in the log; empty where the record could not be read. It holds no record: those are several times as large. */
    record Entry(long index, Optional<RecordedEvent> event, TopicPartition partition, long offset) {
    }

    /** Of each partition. The more events wait, the more the collector has to move about: 10,000 cost half of the counter's time. */
    private static final int MUCH = 2_000;

    private final Map<TopicPartition, Deque<Entry>> waiting = new HashMap<>();
    private final Map<TopicPartition, Long> nextOffsets = new HashMap<>();
    private final Function<ConsumerRecord<byte[], byte[]>, Optional<RecordedEvent>> reader;
    private final Consumer<ConsumerRecord<byte[], byte[]>> unreadable;
    private long next;

    /**
     * @param counted    the index of the last event that was counted
     * @param reader     reads a record's event
     * @param unreadable is given the records that have no index
     */
    LogOrder(long counted, Function<ConsumerRecord<byte[], byte[]>, Optional<RecordedEvent>> reader,
             Consumer<ConsumerRecord<byte[], byte[]>> unreadable) {
        this.next = counted + 1;
        this.reader = reader;
        this.unreadable = unreadable;
    }

    void add(Iterable<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            try {
                long index = CloudEvent.index(name -> {
                    Header header = record.headers().lastHeader(name);
                    return header == null ? null : header.value();
                });
                if (index >= next) {
                    waiting.computeIfAbsent(partition, key -> new ArrayDeque<>())
                            .add(new Entry(index, reader.apply(record), partition, record.offset()));
                    continue;
                }
            } catch (UnreadableEventException e) {
                unreadable.accept(record);
            }
            passed(partition, record);
        }
    }

    private void passed(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
        // While others of its partition wait, their offset is where reading must go on after a restart.
        if (waiting.getOrDefault(partition, new ArrayDeque<>()).isEmpty()) {
            nextOffsets.put(partition, record.offset() + 1);
        }
    }

    /** Gives the consumer, in log order, up to {@code limit} entries that follow without a gap; answers how many. */
    int drain(int limit, Consumer<Entry> consumer) {
        int count = 0;
        Deque<Entry> queue;
        while (count < limit && (queue = queueOfNext()) != null) {
            while (count < limit && !queue.isEmpty() && queue.peek().index() <= next) {
                Entry entry = queue.poll();
                // An index below is a second copy of a record: it has been given out.
                if (entry.index() == next) {
                    consumer.accept(entry);
                    next++;
                    count++;
                }
                nextOffsets.put(entry.partition(), entry.offset() + 1);
            }
        }
        return count;
    }

    private Deque<Entry> queueOfNext() {
        for (Deque<Entry> queue : waiting.values()) {
            if (!queue.isEmpty() && queue.peek().index() <= next) {
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
            if (queue.size() > MUCH) {
                crowded.add(partition);
            }
        });
        return crowded;
    }

    /** How many records wait for an earlier one. */
    int size() {
        return waiting.values().stream().mapToInt(Collection::size).sum();
    }
}
