package org.countersign.notifier.delivery;

import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * Holds back deliveries until the positions are compared with Kafka. A restored database may contain deliveries that
 * were sent. If Kafka does not answer, sending begins after a timeout.
 */
@Component
public class SendingStart {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final long created = System.nanoTime();
    private volatile boolean compared;

    /** Begins to send. */
    public void begin() {
        compared = true;
    }

    boolean mayBegin() {
        return compared || System.nanoTime() - created > TIMEOUT.toNanos();
    }
}
