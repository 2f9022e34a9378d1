package org.countersign.signature.signals;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.eventlog.ConfirmationDelays;
import org.countersign.signature.eventlog.ConfirmationDelays.Confirmed;
import org.countersign.signature.eventlog.ErasedSigners;
import org.countersign.signature.eventlog.LeaderElectedTask;
import org.countersign.signature.signals.SignalStore.CallsRead;
import org.countersign.support.lock.AdvisoryLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Looks for anomalies every five seconds, and notes which petitions are under attack. It reads each signal once and
 * keeps the counts of the last hour in memory. A new leader reads the last hour again.
 */
@Component
class AttackWatch extends LeaderElectedTask {

    private static final Logger LOG = LoggerFactory.getLogger(AttackWatch.class);
    private static final long LOCK = 0x636f_756e_7465_7208L;
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    /** An attack ends after that long without an anomaly. */
    private static final Duration QUIET = Duration.ofMinutes(30);

    private static final Duration FAST_CONFIRMATION = Duration.ofSeconds(CallCounts.FAST_CONFIRMATION_SECONDS);
    private static final int PAGE_SIZE = 20_000;
    private static final int MAX_CALLS_AT_START = 200_000;
    /** A leader that was delayed leaves out earlier confirmations. */
    private static final long MAX_EVENTS = 100_000;
    /** Beyond this number, those without a call in the last hour lose their past. */
    private static final int MAX_PETITIONS = 1_000;

    private final SignalStore signals;
    private final AttackStore attacks;
    private final ConfirmationDelays confirmations;
    private final ErasedSigners log;
    private final AttackReports reports;
    private final AttackListener listener;

    AttackWatch(
            DataSource dataSource,
            SignalStore signals,
            AttackStore attacks,
            ConfirmationDelays confirmations,
            ErasedSigners log,
            AttackReports reports,
            AttackListener listener) {
        super("search for attacks", dataSource, LOCK);
        this.signals = signals;
        this.attacks = attacks;
        this.confirmations = confirmations;
        this.log = log;
        this.reports = reports;
        this.listener = listener;
    }

    @Override
    protected void lead(AdvisoryLock held) throws SQLException, InterruptedException {
        Map<String, CallHistory> petitions = new HashMap<>();
        Instant position = signals.startOf(CallHistory.LONG_WINDOW, MAX_CALLS_AT_START);
        long event = log.head();
        while (isRunning()) {
            Set<String> changed = new HashSet<>();
            CallsRead read;
            do {
                read = signals.after(position, PAGE_SIZE);
                read.calls().forEach((petition, calls) -> {
                    if (add(petitions, petition, calls)) {
                        changed.add(petition);
                    }
                });
                position = read.last();
            } while (read.isFull() && isRunning());
            event = addConfirmations(event, petitions, changed, read.now());
            look(petitions, changed, read.now());
            held.check();
            pause(INTERVAL);
        }
    }

    /** Leaves out calls without a network: they came from one without limits, such as that of a load test. */
    private static boolean add(Map<String, CallHistory> petitions, String petition, List<SeenCall> calls) {
        List<SeenCall> counted = calls.stream()
                .filter(call -> call.network() != SignalHashes.NONE)
                .toList();
        if (counted.isEmpty()) {
            return false;
        }
        CallHistory history = petitions.computeIfAbsent(petition, unknown -> new CallHistory());
        counted.forEach(history::add);
        return true;
    }

    private long addConfirmations(long after, Map<String, CallHistory> petitions, Set<String> changed, Instant now) {
        long head = log.head();
        long from = Math.max(after, head - MAX_EVENTS);
        for (Confirmed confirmed : confirmations.between(from, head, FAST_CONFIRMATION)) {
            CallHistory history = petitions.get(confirmed.petition());
            if (history != null) {
                history.addConfirmations(now, confirmed.all(), confirmed.fast());
                changed.add(confirmed.petition());
            }
        }
        return head;
    }

    private void look(Map<String, CallHistory> petitions, Set<String> changed, Instant now) {
        Set<String> attacked = new HashSet<>(attacks.petitions());
        for (String petition : changed) {
            List<Anomaly> anomalies = AttackDetector.detect(petitions.getOrDefault(petition, new CallHistory()), now);
            if (!anomalies.isEmpty() && attacks.note(petition, anomalies)) {
                LOG.warn("The petition {} is under attack: {} anomalies", petition, anomalies.size());
            }
        }
        reportNew();
        attacks.endQuiet(QUIET);
        petitions.forEach((petition, history) -> history.age(now, attacked.contains(petition)));
        if (petitions.size() > MAX_PETITIONS) {
            petitions.values().removeIf(CallHistory::isIdle);
        }
    }

    /** Calls are held from the note on. The report follows, and is repeated until it succeeds. */
    private void reportNew() {
        for (String petition : attacks.unreported()) {
            PetitionSlug slug = new PetitionSlug(petition);
            try {
                listener.attackBegins(slug, reports.of(slug).anomalies());
                attacks.markReported(petition);
            } catch (RuntimeException e) {
                LOG.warn("The attack on {} cannot be reported now and will be retried: {}", petition, e.toString());
            }
        }
    }
}
