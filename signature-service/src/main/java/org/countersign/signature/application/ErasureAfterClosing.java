package org.countersign.signature.application;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.countersign.events.SignatureId;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.LogAge;
import org.countersign.signature.eventlog.ReaderPositions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Erases personal data of signers and alert recipients a set time after their petition closed. The counts do not
 * change. {@link LogAge} measures the time, so that no wrong clock erases data early.
 */
@Component
class ErasureAfterClosing {

    private static final Logger LOG = LoggerFactory.getLogger(ErasureAfterClosing.class);
    private static final int PAGE_SIZE = 500;

    private final Petitions petitions;
    private final EventLog log;
    private final ReaderPositions positions;
    private final Erasure erasure;
    private final Alerts alerts;
    private final LogAge age;
    private final Duration retention;

    ErasureAfterClosing(
            Petitions petitions,
            EventLog log,
            ReaderPositions positions,
            Erasure erasure,
            Alerts alerts,
            LogAge age,
            @Value("${countersign.erasure.after-closing}") Duration retention) {
        this.petitions = petitions;
        this.log = log;
        this.positions = positions;
        this.erasure = erasure;
        this.alerts = alerts;
        this.age = age;
        this.retention = retention;
    }

    @Scheduled(fixedDelayString = "${countersign.erasure.every}")
    void run() {
        if (!log.isOpen()) {
            return;
        }
        try {
            petitions.all().forEach(this::erase);
        } catch (RuntimeException e) {
            LOG.warn("Cannot erase the personal data of closed petitions; retrying on schedule: {}", e.getMessage());
        }
    }

    private void erase(Petition petition) {
        long closed = petitions.closing(petition).orElse(Long.MAX_VALUE);
        // The search for remaining data reads the whole log. It therefore runs once for each closing.
        String reader = "erased:" + petition.slug();
        if (closed > age.lastOlderThan(retention) || closed <= positions.of(reader)) {
            return;
        }
        alerts.stopAll(petition.slug());
        List<UUID> signers;
        do {
            signers = log.withSecrets(petition.slug(), PAGE_SIZE);
            signers.forEach(signer -> erasure.erase(new SignatureId(signer)));
        } while (!signers.isEmpty());
        positions.advance(reader, closed);
    }
}
