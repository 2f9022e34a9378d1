package org.countersign.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressSlicesTest {

    @Test
    void computes_the_rate_of_each_part_for_irregular_polls() throws Exception {
        Iterator<Double> polls = List.of(0.0, 0.0, 100.0, 300.0, 300.0, 1000.0).iterator();
        List<Double> rates = ProgressSlices.watch(1000, 4, polls::next);
        assertThat(rates).hasSize(4).allMatch(rate -> rate > 0 && Double.isFinite(rate));
        assertThat(polls.hasNext()).isFalse();
    }
}
