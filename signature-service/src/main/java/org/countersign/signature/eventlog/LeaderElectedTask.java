package org.countersign.signature.eventlog;

import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.countersign.support.lock.AdvisoryLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Does, in a thread of its own, what only one of several instances is to do at a time: the one that holds an advisory
 * lock in PostgreSQL. When it fails, or the lock is another's, it tries again a second later.
 */
public abstract class LeaderElectedTask implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(LeaderElectedTask.class);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String name;
    private final DataSource dataSource;
    private final long lock;
    private volatile boolean running;
    private Thread thread;

    /**
     * @param name what is done, as a sentence in the log begins with it; also the thread's
     * @param lock the number of the advisory lock, one for each thing to be done
     */
    protected LeaderElectedTask(String name, DataSource dataSource, long lock) {
        this.name = name;
        this.dataSource = dataSource;
        this.lock = lock;
    }

    /** Does it until {@link #isRunning} says no. */
    protected abstract void lead(AdvisoryLock held) throws SQLException, InterruptedException;

    /** Is told that {@link #lead} failed. */
    protected void failed() {
        // What is in the log of the service is enough for most.
    }

    /** Is told that another instance does it. */
    protected void standsBy() {
        // Then there is nothing to do here.
    }

    /** Has {@link #lead} look at once whether to go on. */
    protected void wake() {
        thread.interrupt();
    }

    @Override
    public final void start() {
        running = true;
        thread = new Thread(this::run, name);
        thread.start();
    }

    private void run() {
        try {
            while (running) {
                try {
                    if (!AdvisoryLock.ifFree(dataSource, lock, this::lead)) {
                        standsBy();
                    }
                } catch (SQLException | RuntimeException e) {
                    failed();
                    LOG.warn("the {} stopped and will go on: {}", name, e.toString());
                }
                pause(BETWEEN_ATTEMPTS);
            }
        } catch (InterruptedException e) {
            running = false;
        }
    }

    /** Sleeps, unless it is to end. */
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
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public final boolean isRunning() {
        return running;
    }
}
