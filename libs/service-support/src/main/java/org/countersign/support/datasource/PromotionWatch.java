package org.countersign.support.datasource;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.countersign.support.thread.Threads;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Checks the primary once a second, on a connection of its own. If it does not answer, the watch opens another
 * connection, which finds the new primary. So a promotion is noticed even if all pooled connections wait for the old
 * one.
 */
final class PromotionWatch implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(PromotionWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int TIMEOUT_SECONDS = 2;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final DataSource connections;
    private volatile boolean running;
    private @Nullable Thread thread;

    /** @param connections opens new connections, which it does not pool */
    PromotionWatch(DataSource connections) {
        this.connections = connections;
    }

    @Override
    public void start() {
        running = true;
        Thread starting = new Thread(this::run, "promotion-watch");
        starting.setDaemon(true);
        thread = starting;
        starting.start();
    }

    private void run() {
        while (running) {
            try (Connection connection = connections.getConnection()) {
                while (running && connection.isValid(TIMEOUT_SECONDS)) {
                    Thread.sleep(INTERVAL.toMillis());
                }
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("No primary answers: {}", e.getMessage());
                pause();
            } catch (InterruptedException e) {
                running = false;
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(INTERVAL.toMillis());
        } catch (InterruptedException e) {
            running = false;
        }
    }

    @Override
    public void stop() {
        running = false;
        Threads.stop(thread, STOP_TIMEOUT);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
