package org.countersign.support.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final CountDownLatch finish = new CountDownLatch(1);

    @AfterEach
    void stop() {
        finish.countDown();
        threads.shutdown();
    }

    private void waitInside() {
        try {
            finish.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        done.add("inside");
    }

    private double refused() {
        return meters.get("countersign.requests.refused").counter().count();
    }

    @Test
    void so_many_are_worked_on_at_a_time_and_the_others_wait() {
        Executor admission = new Admission(2, PATIENCE, meters).over(threads);
        admission.execute(this::waitInside);
        admission.execute(this::waitInside);
        for (int i = 0; i < 3; i++) {
            String name = "waiting " + i;
            admission.execute(() -> done.add(name));
        }
        assertThat(meters.get("countersign.requests.waiting").gauge().value()).isEqualTo(3);
        assertThat(done).isEmpty();
        finish.countDown();
        await().atMost(PATIENCE).until(() -> done.size() == 5);
        assertThat(done).filteredOn(name -> name.startsWith("waiting")).hasSize(3);
        assertThat(meters.get("countersign.requests.waiting").gauge().value()).isZero();
        assertThat(refused()).isZero();
    }

    @Test
    void who_waits_gets_a_turn_in_the_order_of_coming() {
        Executor admission = new Admission(1, PATIENCE, meters).over(threads);
        admission.execute(this::waitInside);
        for (int i = 0; i < 3; i++) {
            String name = "waiting " + i;
            admission.execute(() -> done.add(name));
        }
        finish.countDown();
        await().atMost(PATIENCE).until(() -> done.size() == 4);
        assertThat(done).containsExactly("inside", "waiting 0", "waiting 1", "waiting 2");
    }

    @Test
    void whose_turn_does_not_come_in_time_is_let_through_and_known_for_late() {
        Admission admission = new Admission(1, Duration.ofMillis(50), meters);
        Executor requests = admission.over(threads);
        requests.execute(this::waitInside);
        requests.execute(() -> done.add(Admission.isLate() ? "late" : "in time"));
        await().atMost(PATIENCE).until(() -> {
            admission.admit();
            return done.size() == 1;
        });
        assertThat(done).containsExactly("late");
        assertThat(refused()).isEqualTo(1);
        finish.countDown();
        await().atMost(PATIENCE).until(() -> done.size() == 2);
        requests.execute(() -> done.add(Admission.isLate() ? "late" : "in time"));
        await().atMost(PATIENCE).until(() -> done.size() == 3);
        assertThat(done).endsWith("in time");
    }

    @Test
    void a_request_that_fails_leaves_its_place_to_the_next() {
        Executor admission = new Admission(1, PATIENCE, meters).over(threads);
        admission.execute(() -> {
            throw new IllegalStateException("as a test wants it");
        });
        admission.execute(() -> done.add("next"));
        // The failed request ends its thread, which Awaitility would report as a failure of the test.
        await().dontCatchUncaughtExceptions().atMost(PATIENCE).until(() -> done.contains("next"));
    }
}
