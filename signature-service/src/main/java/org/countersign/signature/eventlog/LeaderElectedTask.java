package org.countersign.signature.eventlog;

import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.countersign.support.lock.AdvisoryLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * A task that runs on one of several instances at a time, the leader. The leader holds an advisory lock in PostgreSQL.
 * An instance without the lock, and a leader that failed, try again after a second.
 */
public abstract class LeaderElectedTask implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(LeaderElectedTask.class);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final String name;
    private final DataSource dataSource;
    private final long lock;
    private volatile boolean running;
    private @Nullable Thread thread;

    /**
     * Prepares the task.
     *
     * @param name the name of the task in the log and of its thread
     * @param dataSource the database of the lock
     * @param lock the key of the advisory lock, one for each task
     */
    protected LeaderElectedTask(String name, DataSource dataSource, long lock) {
        this.name = name;
        this.dataSource = dataSource;
        this.lock = lock;
    }

    /** Runs the task until {@link #isRunning} returns false. */
    protected abstract void lead(AdvisoryLock held) throws SQLException, InterruptedException;

    /** Called after {@link #lead} has failed. */
    protected void onFailure() {
        // The log line is enough for most tasks.
    }

    /** Called while another instance is the leader. */
    protected void onStandby() {
        // Most tasks have nothing to do then.
    }

    /** Wakes {@link #lead}, so that it checks whether to continue. */
    protected void wake() {
        Thread current = thread;
        if (current != null) {
            current.interrupt();
        }
    }

    @Override
    public final void start() {
        running = true;
        Thread starting = new Thread(this::run, name);
        thread = starting;
        starting.start();
    }

    private void run() {
        try {
            while (running) {
                try {
                    if (!AdvisoryLock.ifFree(dataSource, lock, this::lead)) {
                        onStandby();
                    }
                } catch (SQLException | RuntimeException | Error e) {
                    onFailure();
                    LOG.warn("Task {} failed and will be retried: {}", name, e.toString());
                }
                pause(RETRY_INTERVAL);
            }
        } catch (InterruptedException e) {
            running = false;
        }
    }

    /** Sleeps unless the task is stopping. */
    protected final void pause(Duration duration) throws InterruptedException {
        if (running) {
            Thread.sleep(duration.toMillis());
        }
    }

    @Override
    public final void stop() {
        running = false;
        wake();
        try {
            Thread ending = thread;
            if (ending != null) {
                ending.join(STOP_TIMEOUT.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public final boolean isRunning() {
        return running;
    }
}
