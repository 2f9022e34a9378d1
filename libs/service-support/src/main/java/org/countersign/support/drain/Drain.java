package org.countersign.support.drain;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Keeps serving for a while after the service was told to stop. The readiness refuses traffic already, so that load
 * balancers send new connections to other instances. {@link DrainFilter} closes each connection after its next
 * response, so that its client opens a new one, elsewhere.
 *
 * <p>It stops first, before Spring Boot closes the port.
 */
class Drain implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    private final Duration duration;
    private volatile boolean running;
    private volatile boolean draining;

    /** @param duration the time for which requests are still served; zero if nothing balances the load */
    Drain(Duration duration) {
        this.duration = duration;
    }

    boolean isDraining() {
        return draining;
    }

    @Override
    public void start() {
        running = true;
        draining = false;
    }

    @Override
    public void stop() {
        if (!duration.isZero()) {
            LOG.info("Requests are served for another {} s", duration.toMillis() / 1000.0);
            draining = true;
            try {
                Thread.sleep(duration.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
