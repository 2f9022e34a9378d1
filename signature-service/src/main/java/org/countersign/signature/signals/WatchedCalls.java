package org.countersign.signature.signals;

import java.time.Duration;
import org.countersign.signature.domain.signature.HeldByRule;
import org.countersign.signature.eventlog.HeldSignings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Judges the sign calls that are held for a while, because their mail domain belongs to one owner and the petition has
 * many such calls. Those that match an anomaly then stay held. The others are released. Each instance does so, and each
 * call is judged by one of them.
 */
@Component
class WatchedCalls {

    /** The search for anomalies has looked at the call several times by then, and at those that followed. */
    static final Duration WATCHED_FOR = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(WatchedCalls.class);

    private final HeldSignings held;

    WatchedCalls(HeldSignings held) {
        this.held = held;
    }

    /** Judges the calls whose time has come. */
    @Scheduled(fixedDelay = 1_000)
    void settle() {
        try {
            settle(WATCHED_FOR);
        } catch (DataAccessException e) {
            LOG.debug("Cannot release watched sign calls: {}", e.getMessage());
        }
    }

    final void settle(Duration watchedFor) {
        held.settle(HeldByRule.WATCH_DOMAIN, watchedFor);
    }
}
