package org.countersign.signature.web.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.countersign.signature.RunningService;
import org.countersign.support.warmup.Rehearsal;
import org.countersign.support.warmup.RehearsalDatabase;
import org.countersign.support.warmup.RehearsalTime;
import org.countersign.testkit.ServiceSnapshot;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The warm-up signs and confirms through the real code, and afterwards nothing shows that it has. */
class SignerRehearsalTest extends RunningService {

    /** The service itself counts its running time. */
    private static final Set<String> MOVING = Set.of("running_time", "log_age");

    @Autowired
    private List<Rehearsal> rehearsals;

    @Autowired
    private DataSource service;

    private ServiceSnapshot snapshot() throws Exception {
        return ServiceSnapshot.take(DATABASE, MOVING, management());
    }

    @Test
    void leaves_no_row_no_record_and_no_metric_behind() throws Exception {
        String petition = publishedPetition();
        sign(petition, "sona@example.org");
        withToken("verify", mailData(onlySignature(petition), 1).confirmToken());
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            ServiceSnapshot now = snapshot();
            Thread.sleep(2500);
            assertThat(snapshot()).isEqualTo(now);
        });
        ServiceSnapshot before = snapshot();
        assertThat(before.metrics()).isNotEmpty();
        assertThat(before.tables()).isNotEmpty();
        for (Rehearsal rehearsal : rehearsals) {
            assertThat(rehearsal.rehearse(RehearsalTime.of(Duration.ofSeconds(4))))
                    .isGreaterThan(50);
        }
        await().untilAsserted(() -> assertThat(snapshot()).isEqualTo(before));
    }

    @Test
    void a_rehearsal_that_loses_its_connection_finds_no_table_to_write_to() throws Exception {
        try (RehearsalDatabase copy = RehearsalDatabase.open(service, List.of("log_head"))) {
            copy.execute("insert into log_head (last_index) values (0)");
            assertThatThrownBy(() -> copy.execute("select pg_terminate_backend(pg_backend_pid())"))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> copy.execute("insert into log_head (last_index) values (0)"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("does not exist");
        }
    }
}
