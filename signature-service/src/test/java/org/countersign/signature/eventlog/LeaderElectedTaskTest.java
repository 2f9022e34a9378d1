package org.countersign.signature.eventlog;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.countersign.support.lock.AdvisoryLock;
import org.countersign.testkit.TestServers;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class LeaderElectedTaskTest {

    /** The lock of no other task. */
    private static final long LOCK = 4711;

    @Test
    void a_task_that_failed_with_an_error_runs_again() {
        TestServers.Database database = TestServers.database();
        AtomicInteger runs = new AtomicInteger();
        LeaderElectedTask task =
                new LeaderElectedTask(
                        "any",
                        new DriverManagerDataSource(database.url(), database.user(), database.password()),
                        LOCK) {
                    @Override
                    protected void lead(AdvisoryLock held) {
                        runs.incrementAndGet();
                        throw new StackOverflowError("as a test wants it");
                    }
                };
        task.start();
        try {
            await().atMost(Duration.ofMinutes(1)).until(() -> runs.get() >= 2);
        } finally {
            task.stop();
        }
    }
}
