package org.countersign.notifier;

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

/** The warm-up plans and sends mails through the real code, and afterwards nothing shows that it has. */
class DeliveryRehearsalTest extends RunningNotifier {

    @Autowired
    private List<Rehearsal> rehearsals;

    private ServiceSnapshot snapshot() throws Exception {
        return ServiceSnapshot.take(DATABASE, Set.of(), new HttpProbe(managementPort));
    }

    @Test
    void leaves_no_row_no_record_no_mail_and_no_metric_behind() throws Exception {
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            ServiceSnapshot now = snapshot();
            Thread.sleep(2500);
            assertThat(snapshot()).isEqualTo(now);
        });
        ServiceSnapshot before = snapshot();
        int mails = MAILS.size();
        assertThat(before.tables()).containsKey("public.delivery");
        assertThat(rehearsals).hasSize(2);
        for (Rehearsal rehearsal : rehearsals) {
            assertThat(rehearsal.rehearse(RehearsalTime.of(Duration.ofSeconds(3))))
                    .isGreaterThan(50);
        }
        await().untilAsserted(() -> assertThat(snapshot()).isEqualTo(before));
        assertThat(MAILS).hasSize(mails);
    }
}
