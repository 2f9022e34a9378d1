package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code countersign faults}, a few of them. */
class FaultsIT {

    @Test
    void whatever_breaks_nothing_is_lost_or_counted_or_told_twice() {
        RunningStack.Ended faults = RunningStack.run(
                RunningStack.QUICKLY_COMPILED,
                "faults",
                "--seed",
                "7",
                "--most",
                "3",
                "--port-offset",
                "2050",
                "--only",
                "SMTP breaks off after DATA",
                "--only",
                "kill PostgreSQL and signature-service",
                "--only",
                "old backup of PostgreSQL restored");
        assertThat(faults.output())
                .contains(
                        "| SMTP breaks off after DATA | 1 | 0 |",
                        "| kill PostgreSQL and signature-service | 1 | 0 |",
                        "| old backup of PostgreSQL restored, then recovered | 1 | 0 |")
                .contains("3 faults with seed 7")
                .doesNotContain("WRONG");
        assertThat(faults.status()).as(faults.output()).isZero();
    }

    @Test
    void a_fault_that_is_not_known_is_told_with_those_that_are() {
        RunningStack.Ended faults = RunningStack.run(
                Map.of(), "faults", "--only", "kill Kafka", "--only", "meteorite", "--port-offset", "2050");
        assertThat(faults.status()).isEqualTo(1);
        assertThat(faults.output())
                .contains("--only must be part of one of these, and \"meteorite\" is not: ", "kill Kafka")
                .doesNotContain("Starting the stack");
    }
}
