package org.countersign.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.countersign.support.warmup.Rehearsal;
import org.countersign.support.warmup.RehearsalTime;
import org.countersign.testkit.HttpProbe;
import org.countersign.testkit.ServiceSnapshot;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The warm-up counts through the real code, and afterwards nothing shows that it has. */
class CountingRehearsalTest extends RunningCounter {

    @Autowired
    private List<Rehearsal> rehearsals;

    private ServiceSnapshot everything() throws Exception {
        return ServiceSnapshot.take(DATABASE, Set.of(), new HttpProbe(managementPort));
    }

    @Test
    void leaves_no_row_no_record_and_no_metric_behind() throws Exception {
        awaitCounted();
        ServiceSnapshot before = everything();
        assertThat(before.tables()).containsKey("public.petition_count");
        assertThat(rehearsals).isNotEmpty();
        for (Rehearsal rehearsal : rehearsals) {
            assertThat(rehearsal.rehearse(RehearsalTime.of(Duration.ofSeconds(3))))
                    .isGreaterThan(50);
        }
        await().untilAsserted(() -> assertThat(everything()).isEqualTo(before));
    }
}
