package org.countersign.counter.counting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.countersign.events.CloudEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogOrderTest {

    private final List<ConsumerRecord<byte[], byte[]>> unreadable = new ArrayList<>();

    private static ConsumerRecord<byte[], byte[]> record(int partition, long offset, String index) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("events", partition, offset, new byte[0], new byte[0]);
        if (index != null) {
            record.headers().add(CloudEvent.INDEX, index.getBytes());
        }
        return record;
    }

    @SafeVarargs
    private static void add(LogOrder order, ConsumerRecord<byte[], byte[]>... records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            order.add(new TopicPartition(record.topic(), record.partition()), List.of(record));
        }
    }

    private static List<Long> drain(LogOrder order) {
        List<Long> indexes = new ArrayList<>();
        order.drain(entry -> indexes.add(entry.index()));
        return indexes;
    }

    @Test
    void waits_for_an_event_that_has_not_arrived() {
        LogOrder order = new LogOrder(0, (record, headers) -> Optional.empty(), unreadable::add);
        add(order, record(0, 0, "1"), record(0, 1, "3"), record(1, 0, "4"));
        assertThat(drain(order)).containsExactly(1L);
        assertThat(order.size()).isEqualTo(2);
        assertThat(order.takeMovedOffsets()).isEqualTo(Map.of(new TopicPartition("events", 0), 1L));
        add(order, record(2, 0, "2"));
        assertThat(drain(order)).containsExactly(2L, 3L, 4L);
    }

    @Test
    void passes_over_what_was_counted_before_and_what_comes_twice() {
        LogOrder order = new LogOrder(5, (record, headers) -> Optional.empty(), unreadable::add);
        add(order, record(0, 0, "4"), record(0, 1, "5"), record(0, 2, "6"), record(0, 3, "6"), record(0, 4, "7"));
        assertThat(drain(order)).containsExactly(6L, 7L);
        assertThat(order.takeMovedOffsets()).isEqualTo(Map.of(new TopicPartition("events", 0), 5L));
    }

    @Test
    void passes_over_a_record_without_an_index_and_says_so() {
        LogOrder order = new LogOrder(0, (record, headers) -> Optional.empty(), unreadable::add);
        add(order, record(0, 0, null), record(0, 1, "x"), record(0, 2, "1"));
        assertThat(drain(order)).containsExactly(1L);
        assertThat(unreadable).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void gives_the_log_back_however_it_was_spread_and_interrupted(long seed) {
        Random random = new Random(seed);
        Map<Integer, List<ConsumerRecord<byte[], byte[]>>> partitions = new HashMap<>();
        for (long index = 1; index <= 5000; index++) {
            List<ConsumerRecord<byte[], byte[]>> partition = partitions.computeIfAbsent(random.nextInt(6), key -> new ArrayList<>());
            int copies = random.nextInt(20) == 0 ? 2 : 1;
            for (int copy = 0; copy < copies; copy++) {
                partition.add(record(partition.isEmpty() ? partitions.size() * 10 : partition.get(0).partition(), partition.size(), Long.toString(index)));
            }
        }
        Map<TopicPartition, Long> stored = new HashMap<>();
        List<Long> counted = new ArrayList<>();
        while (counted.size() < 5000) {
            // As after a crash: only what was stored is left, and reading goes on from there.
            LogOrder order = new LogOrder(counted.size(), (record, headers) -> Optional.empty(), unreadable::add);
            Map<Integer, Integer> read = new HashMap<>();
            for (int poll = 0; poll < 1 + random.nextInt(20); poll++) {
                List<List<ConsumerRecord<byte[], byte[]>>> shuffled = new ArrayList<>(partitions.values());
                Collections.shuffle(shuffled, random);
                for (List<ConsumerRecord<byte[], byte[]>> partition : shuffled) {
                    int number = partition.get(0).partition();
                    int from = read.getOrDefault(number, stored.getOrDefault(new TopicPartition("events", number), 0L).intValue());
                    int to = Math.min(partition.size(), from + random.nextInt(200));
                    order.add(new TopicPartition("events", number), partition.subList(from, to));
                    read.put(number, to);
                }
                order.drain(entry -> counted.add(entry.index()));
                stored.putAll(order.takeMovedOffsets());
            }
        }
        assertThat(counted).containsExactlyElementsOf(LongStream.rangeClosed(1, 5000).boxed().toList());
    }
}
