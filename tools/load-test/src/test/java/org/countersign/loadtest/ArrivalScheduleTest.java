package org.countersign.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ArrivalScheduleTest {

    private static final double SECOND = 1e9;

    @Test
    void a_flat_rate_spreads_the_requests_evenly() {
        ArrivalSchedule schedule = ArrivalSchedule.of(ArrivalSchedule.Shape.FLAT, 1000, 100);
        assertThat(schedule.due(0)).isZero();
        assertThat((double) schedule.due(500)).isCloseTo(5 * SECOND, within(SECOND / 100));
        assertThat((double) schedule.due(999)).isCloseTo(9.99 * SECOND, within(SECOND / 100));
    }

    @Test
    void the_record_shape_rises_to_the_rate_holds_it_and_declines() {
        int calls = 100_000;
        ArrivalSchedule schedule = ArrivalSchedule.of(ArrivalSchedule.Shape.RECORD, calls, 1000);
        long[] perSecond = new long[(int) (schedule.due(calls - 1) / SECOND) + 1];
        IntStream.range(0, calls).forEach(call -> perSecond[(int) (schedule.due(call) / SECOND)]++);
        long peak = IntStream.range(0, perSecond.length)
                .mapToLong(second -> perSecond[second])
                .max()
                .orElseThrow();
        assertThat((double) peak).isCloseTo(1000, within(20.0));
        assertThat(perSecond[0]).isLessThan(400);
        assertThat(perSecond[perSecond.length / 10]).isGreaterThan(950);
        assertThat(perSecond[perSecond.length - 2]).isLessThan(200);
    }

    @Test
    void due_times_never_decrease() {
        ArrivalSchedule schedule = ArrivalSchedule.of(ArrivalSchedule.Shape.RECORD, 5000, 50);
        IntStream.range(1, 5000)
                .forEach(call -> assertThat(schedule.due(call)).isGreaterThanOrEqualTo(schedule.due(call - 1)));
    }
}
