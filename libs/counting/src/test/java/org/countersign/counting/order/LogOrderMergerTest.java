package org.countersign.counting.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogOrderMergerTest {

    private static List<Long> drain(LogOrderMerger<String, String> order) {
        List<Long> indexes = new ArrayList<>();
        order.drain((what, index) -> indexes.add(index));
        return indexes;
    }

    @Test
    void waits_for_an_event_that_has_not_arrived() {
        LogOrderMerger<String, String> order = new LogOrderMerger<>(0);
        order.add("a", 0, 1, "first");
        order.add("a", 1, 3, "third");
        order.add("b", 0, 4, "fourth");
        assertThat(drain(order)).containsExactly(1L);
        assertThat(order.size()).isEqualTo(2);
        assertThat(order.takeMovedOffsets()).isEqualTo(Map.of("a", 1L));
        order.add("c", 0, 2, "second");
        assertThat(drain(order)).containsExactly(2L, 3L, 4L);
        assertThat(order.next()).isEqualTo(5);
    }

    @Test
    void passes_over_what_was_given_out_before_and_what_comes_twice() {
        LogOrderMerger<String, String> order = new LogOrderMerger<>(5);
        long[] indexes = {4, 5, 6, 6, 7};
        for (int offset = 0; offset < indexes.length; offset++) {
            order.add("a", offset, indexes[offset], "event");
        }
        assertThat(drain(order)).containsExactly(6L, 7L);
        assertThat(order.takeMovedOffsets()).isEqualTo(Map.of("a", 5L));
    }

    @Test
    void skipped_offsets_move_on_unless_an_earlier_event_is_buffered() {
        LogOrderMerger<String, String> order = new LogOrderMerger<>(0);
        order.pass("a", 0);
        order.add("a", 1, 2, "second");
        order.pass("a", 2);
        assertThat(order.takeMovedOffsets()).isEqualTo(Map.of("a", 1L));
    }

    @Test
    void says_of_which_partition_too_much_waits() {
        LogOrderMerger<String, String> order = new LogOrderMerger<>(0);
        for (int offset = 0; offset < 5000; offset++) {
            order.add("a", offset, offset + 2, "early");
        }
        assertThat(order.fullPartitions()).containsExactly("a");
        order.add("b", 0, 1, "late");
        assertThat(drain(order)).hasSize(5001);
        assertThat(order.fullPartitions()).isEmpty();
    }

    @Test
    void gives_up_on_what_is_missing_when_asked_to() {
        LogOrderMerger<String, String> order = new LogOrderMerger<>(0);
        assertThat(order.skip()).isFalse();
        order.add("a", 0, 7, "seventh");
        order.add("b", 0, 5, "fifth");
        assertThat(order.skip()).isTrue();
        assertThat(drain(order)).containsExactly(5L);
        assertThat(order.skip()).isTrue();
        assertThat(drain(order)).containsExactly(7L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void gives_the_log_back_however_it_was_spread_and_interrupted(long seed) {
        Random random = new Random(seed);
        List<List<Long>> partitions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            partitions.add(new ArrayList<>());
        }
        for (long index = 1; index <= 5000; index++) {
            List<Long> partition = partitions.get(random.nextInt(6));
            partition.addAll(Collections.nCopies(random.nextInt(20) == 0 ? 2 : 1, index));
        }
        Map<Integer, Long> stored = new HashMap<>();
        List<Long> given = new ArrayList<>();
        while (given.size() < 5000) {
            // As after a crash: only what was stored is left, and reading goes on from there.
            LogOrderMerger<Integer, String> order = new LogOrderMerger<>(given.size());
            Map<Integer, Integer> read = new HashMap<>();
            for (int poll = 0; poll < 1 + random.nextInt(20); poll++) {
                for (int partition : random.ints(6, 0, 6).toArray()) {
                    int from = read.getOrDefault(
                            partition, stored.getOrDefault(partition, 0L).intValue());
                    int to = Math.min(partitions.get(partition).size(), from + random.nextInt(200));
                    for (int offset = from; offset < to; offset++) {
                        order.add(partition, offset, partitions.get(partition).get(offset), "event");
                    }
                    read.put(partition, to);
                }
                order.drain((what, index) -> given.add(index));
                stored.putAll(order.takeMovedOffsets());
            }
        }
        assertThat(given)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 5000).boxed().toList());
    }
}
