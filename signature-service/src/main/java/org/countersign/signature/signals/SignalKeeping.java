package org.countersign.signature.signals;

import jakarta.annotation.PostConstruct;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Drops the signals of days that are over for long enough, together with their keys. */
@Component
class SignalKeeping {

    private static final Logger LOG = LoggerFactory.getLogger(SignalKeeping.class);

    private final SignalStore store;
    private final int days;

    /**
     * Creates the task.
     *
     * @param keep how long signals are kept: 2 to 60 days
     * @throws IllegalArgumentException if it is shorter or longer
     */
    SignalKeeping(SignalStore store, @Value("${countersign.signals.keep}") Duration keep) {
        this.store = store;
        this.days = days(keep);
    }

    private static int days(Duration keep) {
        // The day of the oldest signals goes as a whole, and an attack is compared with the day before.
        if (keep.compareTo(Duration.ofDays(2)) < 0 || keep.compareTo(Duration.ofDays(60)) > 0) {
            throw new IllegalArgumentException("COUNTERSIGN_SIGNALS_KEEP must be from 2d to 60d, such as 14d");
        }
        return (int) keep.toDays();
    }

    @PostConstruct
    void begin() {
        store.keep(days);
    }

    @Scheduled(fixedDelayString = "PT1M", initialDelayString = "PT1M")
    void keep() {
        try {
            store.keep(days);
        } catch (DataAccessException e) {
            LOG.warn("Cannot drop old signals; retrying on schedule: {}", e.getMessage());
        }
    }
}
