package org.countersign.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressSlicesTest {

    @Test
    void tells_how_fast_each_part_went_however_the_looks_fell() throws Exception {
        Iterator<Double> looks = List.of(0.0, 0.0, 100.0, 300.0, 300.0, 1000.0).iterator();
        List<Double> rates = ProgressSlices.watch(1000, 4, looks::next);
        assertThat(rates).hasSize(4).allMatch(rate -> rate > 0 && Double.isFinite(rate));
        assertThat(looks.hasNext()).isFalse();
    }
}
