package org.countersign.signature.web.counts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChartTest {

    private static final Instant BEGIN = Instant.parse("2030-05-01T00:00:00Z");

    private static Chart.ChartPoint point(int hours, long count) {
        return new Chart.ChartPoint(BEGIN.plus(Duration.ofHours(hours)), count);
    }

    @Test
    void the_curve_rises_from_zero_to_the_current_count_through_the_milestones() {
        Chart chart = Chart.of(
                BEGIN,
                BEGIN.plus(Duration.ofHours(10)),
                List.of(point(2, 10), point(5, 50), point(8, 40)),
                List.of(point(2, 10), point(8, 50)));
        assertThat(chart.line()).isEqualTo("M0 180L120.0 144.0L300.0 0.0L480.0 36.0L600 36.0");
        assertThat(chart.area()).isEqualTo(chart.line() + "L600 180Z");
        assertThat(chart.highest()).isEqualTo(50);
        assertThat(chart.marks())
                .containsExactly(new Chart.Mark(10, "120.0", "144.0", false), new Chart.Mark(50, "480.0", "0.0", true));
    }

    @Test
    void a_long_history_is_drawn_with_few_points_including_the_last() {
        List<Chart.ChartPoint> points =
                IntStream.range(0, 10_000).mapToObj(hour -> point(hour, hour)).toList();
        Chart chart = Chart.of(BEGIN, points.get(9_999).at(), points, List.of());
        assertThat(chart.line().split("L")).hasSizeLessThan(310);
        assertThat(chart.line()).endsWith("L600.0 0.0L600 0.0");
    }

    @Test
    void points_outside_the_time_range_are_drawn_at_its_edge() {
        Chart chart = Chart.of(BEGIN, BEGIN, List.of(point(1, 0)), List.of(point(-1, 5)));
        assertThat(chart.line()).isEqualTo("M0 180L600.0 180.0L600 180.0");
        assertThat(chart.marks()).containsExactly(new Chart.Mark(5, "0.0", "0.0", false));
    }
}
