package org.countersign.support.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TransferMeterTest {

    private final TransferMeter meter = new TransferMeter();

    private static long second(double number) {
        return (long) (number * TimeUnit.SECONDS.toNanos(1));
    }

    private void wait(double from, double until, int bytes) {
        meter.waitFrom(second(from));
        meter.moved(bytes, second(until));
    }

    @Test
    void nobody_is_too_slow_within_the_grace_period() {
        wait(0, 4.9, 1);
        assertThat(meter.isTooSlow(second(4.9))).isFalse();
    }

    @Test
    void a_trickle_is_too_slow_after_the_grace_period() {
        for (int i = 0; i < 10; i++) {
            wait(i, i + 1, 1);
        }
        assertThat(meter.isTooSlow(second(10))).isTrue();
    }

    @Test
    void a_client_that_is_silent_is_too_slow_while_the_server_waits() {
        meter.waitFrom(second(0));
        assertThat(meter.isTooSlow(second(6))).isTrue();
    }

    @Test
    void a_client_with_the_minimum_rate_goes_on() {
        for (int i = 0; i < 100; i++) {
            wait(i, i + 1, TransferMeter.MIN_BYTES_PER_SECOND);
            assertThat(meter.isTooSlow(second(i + 1))).isFalse();
        }
    }

    @Test
    void the_time_of_the_server_does_not_count() {
        wait(0, 1, 10);
        assertThat(meter.isTooSlow(second(1000))).isFalse();
    }

    @Test
    void a_new_transfer_has_a_grace_period_again() {
        wait(0, 10, 1);
        meter.reset();
        wait(10, 14, 1);
        assertThat(meter.isTooSlow(second(14))).isFalse();
    }
}
