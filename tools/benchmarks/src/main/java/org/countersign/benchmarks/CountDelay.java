package org.countersign.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.countersign.localstack.client.UserException;

/** Measures how long the counter takes to count the newest event of the log. */
final class CountDelay implements AutoCloseable {

    private static final long POLL_INTERVAL_MILLIS = 2;
    private static final long TIMEOUT_NANOS = TimeUnit.MINUTES.toNanos(2);

    private static final int MAX_PAUSE_MILLIS = 100;

    private final Random random = new Random(1);
    private final Connection log;
    private final Connection counts;

    CountDelay(BenchmarkStack stack) throws SQLException {
        this.log = stack.connect("signature_service");
        this.counts = stack.connect("counter_projection");
    }

    /**
     * Measures at random moments for the given time. Right after a count there is nothing to wait for, so that
     * measurements one after the other would meet this moment too often.
     *
     * @return each delay in milliseconds
     */
    List<Double> measure(double seconds) throws SQLException, InterruptedException {
        List<Double> delays = new ArrayList<>();
        long begin = System.nanoTime();
        do {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(MAX_PAUSE_MILLIS));
            delays.add(awaitCounted());
        } while (System.nanoTime() - begin < seconds * 1e9);
        return delays;
    }

    /**
     * Waits until the counter has counted the newest event.
     *
     * @return the time that it took in milliseconds
     */
    double awaitCounted() throws SQLException, InterruptedException {
        long head = number(log, "select last_index from log_head");
        long begin = System.nanoTime();
        while (number(counts, "select global_index from position") < head) {
            if (System.nanoTime() - begin > TIMEOUT_NANOS) {
                throw new UserException("The counter did not count the event %,d within two minutes.".formatted(head));
            }
            TimeUnit.MILLISECONDS.sleep(POLL_INTERVAL_MILLIS);
        }
        return (System.nanoTime() - begin) / 1e6;
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        log.close();
        counts.close();
    }
}
