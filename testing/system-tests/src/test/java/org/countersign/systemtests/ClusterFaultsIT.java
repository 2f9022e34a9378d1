package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@code countersign faults --cluster}, a few of them. */
@Tag("long")
@EnabledOnOs(OS.LINUX)
class ClusterFaultsIT {

    @Test
    void whichever_server_dies_nothing_is_lost_or_counted_or_told_twice() {
        RunningStack.Ended faults = RunningStack.run(
                RunningStack.QUICKLY_COMPILED,
                "faults",
                "--cluster",
                "--seed",
                "7",
                "--most",
                "3",
                "--port-offset",
                "2050",
                "--only",
                "cut off one broker",
                "--only",
                "kill primary",
                "--only",
                "standby promoted that lacks commits");
        assertThat(faults.output())
                .contains(
                        "| cut off one broker | 1 | 0 |",
                        "| kill primary | 1 | 0 |",
                        "| standby promoted that lacks commits, then recovered | 1 | 0 |")
                .contains("3 faults with seed 7 and replicated servers")
                .doesNotContain("WRONG");
        assertThat(faults.status()).as(faults.output()).isZero();
    }
}
