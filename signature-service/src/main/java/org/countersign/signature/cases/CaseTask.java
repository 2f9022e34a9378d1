package org.countersign.signature.cases;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.application.CommandDispatcher;
import org.countersign.signature.cases.CaseMatcher.MatchPage;
import org.countersign.signature.cases.CaseStore.CaseItem;
import org.countersign.signature.cases.CaseStore.StoredCase;
import org.countersign.signature.cases.InvalidationCase.CaseNumbers;
import org.countersign.signature.domain.petition.PetitionCommand.OpenInvalidationCase;
import org.countersign.signature.domain.signature.CaseDecision;
import org.countersign.signature.domain.signature.CaseDecision.Outcome;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.LeaderElectedTask;
import org.countersign.signature.eventlog.PetitionSignatures;
import org.countersign.signature.eventlog.SignatureStream;
import org.countersign.signature.eventlog.SignatureStreams;
import org.countersign.signature.eventlog.SignatureStreams.Addition;
import org.countersign.support.lock.AdvisoryLock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Does the work of all cases, one small batch of each after the other: it chooses their signatures, invalidates them,
 * and reinstates them after an undo. The events of a batch are one commit among those of the signers, at a bounded
 * rate.
 *
 * <p>A batch holds the lock on its case, so that cancelling waits for it. If the service ends between the commit of the
 * events and that of the tables, the next leader decides again. The events tell what the case has done.
 */
@Component
class CaseTask extends LeaderElectedTask {

    private static final long LOCK = 0x636f_756e_7465_7209L;
    private static final int BATCH_SIZE = 100;
    private static final int JOINT_ATTEMPTS = 3;
    private static final int MAX_REASON = 500;
    private static final Duration POLL_INTERVAL = Duration.ofMillis(300);

    private final EventLog log;
    private final CaseStore store;
    private final CaseMatcher matcher;
    private final CommandDispatcher commands;
    private final PetitionSignatures signatures;
    private final SignatureStreams streams;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Map<Outcome, Counter> processed = new EnumMap<>(Outcome.class);
    private final int perSecond;

    CaseTask(
            DataSource dataSource,
            EventLog log,
            CaseStore store,
            CaseMatcher matcher,
            CommandDispatcher commands,
            PetitionSignatures signatures,
            SignatureStreams streams,
            TransactionTemplate transaction,
            Clock clock,
            MeterRegistry meters,
            @Value("${countersign.cases.per-second}") int perSecond) {
        super("invalidation cases", dataSource, LOCK);
        this.log = log;
        this.store = store;
        this.matcher = matcher;
        this.commands = commands;
        this.signatures = signatures;
        this.streams = streams;
        this.transaction = transaction;
        this.clock = clock;
        if (perSecond < 1) {
            throw new IllegalArgumentException("COUNTERSIGN_CASES_PER_SECOND must be 1 or more.");
        }
        this.perSecond = perSecond;
        for (Outcome outcome : Outcome.values()) {
            if (outcome != Outcome.WAITING) {
                processed.put(
                        outcome,
                        Counter.builder("countersign.cases.signatures")
                                .description("signatures that cases have processed")
                                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                                .register(meters));
            }
        }
    }

    @Override
    protected void lead(AdvisoryLock lock) throws SQLException, InterruptedException {
        while (isRunning()) {
            List<StoredCase> active = log.isOpen() ? store.active() : List.of();
            for (StoredCase one : active) {
                lock.check();
                long start = System.nanoTime();
                int events = step(one);
                pace(events, System.nanoTime() - start);
            }
            if (active.isEmpty()) {
                pause(POLL_INTERVAL);
            }
        }
    }

    /** Waits as long as the events take at the allowed rate. */
    private void pace(int events, long tookNanos) throws InterruptedException {
        long remaining = events * 1_000_000_000L / perSecond - tookNanos;
        if (remaining > 0) {
            pause(Duration.ofNanos(remaining));
        }
    }

    /** Does the next part of a case. Returns the number of appended events. */
    private int step(StoredCase known) {
        Integer events = transaction.execute(status -> store.lock(known.view().id())
                .filter(locked -> locked.view().state() == known.view().state())
                .map(this::stepLocked)
                .orElse(0));
        return events == null ? 0 : events;
    }

    private int stepLocked(StoredCase locked) {
        return switch (locked.view().state()) {
            case OPEN -> choose(locked);
            case RUNNING -> invalidate(locked);
            case CANCELLED -> settle(locked);
            case UNDOING -> undo(locked);
            case DONE, UNDONE -> 0;
        };
    }

    /** Searches the next page of the log for signatures of the case. After the last page, the case is public. */
    private int choose(StoredCase locked) {
        InvalidationCase view = locked.view();
        if (locked.searched() < locked.upTo()) {
            MatchPage page = matcher.page(
                    view.petition(), view.criteria(), store.networks(view.id()), locked.searched(), locked.upTo());
            store.addMatches(view.id(), page.candidates(), page.last());
            return 0;
        }
        if (view.numbers().matched() == 0) {
            store.end(view.id(), CaseState.DONE);
            return 0;
        }
        Instant now = clock.instant();
        // The petition ignores a repeated command, after a crash.
        commands.send(new OpenInvalidationCase(
                view.petition(),
                now,
                view.id(),
                view.numbers().matched(),
                view.numbers().verified(),
                view.publicReason(),
                view.actor()));
        store.open(view.id(), now);
        return 1;
    }

    private int invalidate(StoredCase locked) {
        InvalidationCase view = locked.view();
        List<CaseItem> items = store.waiting(view.id(), BATCH_SIZE);
        if (items.isEmpty()) {
            store.end(view.id(), CaseState.DONE);
            return 0;
        }
        Instant now = clock.instant();
        return process(
                view,
                items,
                read -> CaseDecision.invalidate(read.history(), view.id(), now, view.reason()),
                Outcome.SKIPPED);
    }

    /** Records what a batch did whose leader ended before it could. Its signatures are the first that wait. */
    private int settle(StoredCase locked) {
        InvalidationCase view = locked.view();
        List<CaseItem> items = store.waiting(view.id(), BATCH_SIZE);
        Instant now = clock.instant();
        Batch batch = new Batch();
        read(view.petition(), items).values().forEach(read -> {
            CaseDecision decision = CaseDecision.invalidate(read.history(), view.id(), now, view.reason());
            if (decision.outcome() == Outcome.INVALIDATED && decision.event().isEmpty()) {
                batch.add(read.id(), decision, true);
            }
        });
        record(view.id(), batch);
        store.end(view.id(), CaseState.CANCELLED);
        return 0;
    }

    private int undo(StoredCase locked) {
        InvalidationCase view = locked.view();
        List<CaseItem> items = store.undoable(view.id(), BATCH_SIZE);
        if (items.isEmpty()) {
            store.end(view.id(), CaseState.UNDONE);
            return 0;
        }
        Instant now = clock.instant();
        String text = "The case was undone: " + view.reason();
        String reason = text.substring(0, Math.min(MAX_REASON, text.length()));
        return process(
                view, items, read -> CaseDecision.reinstate(read.history(), view.id(), now, reason), Outcome.KEPT);
    }

    /** The decided outcomes of a batch, and what they add to the numbers of the case. */
    private static final class Batch {

        private final Map<UUID, Outcome> outcomes = new LinkedHashMap<>();
        private long invalidated;
        private long removed;
        private long reinstated;
        private long restored;

        /** @param waiting whether the invalidation of the signature is not in the numbers of the case yet */
        void add(UUID signature, CaseDecision decision, boolean waiting) {
            Outcome outcome = decision.outcome() == Outcome.KEPT && waiting ? Outcome.SKIPPED : decision.outcome();
            outcomes.put(signature, outcome);
            boolean isReinstated = outcome == Outcome.REINSTATED;
            if (outcome == Outcome.INVALIDATED || isReinstated && waiting) {
                invalidated++;
                removed += decision.counted() ? 1 : 0;
            }
            if (isReinstated) {
                reinstated++;
                restored += decision.counted() ? 1 : 0;
            }
        }

        CaseNumbers numbers() {
            return new CaseNumbers(0, 0, outcomes.size(), invalidated, removed, reinstated, restored);
        }
    }

    /** A signature of a batch, and what was decided about it. */
    private record Decided(CaseItem item, CaseDecision decision, Optional<Addition> addition) {

        static Decided of(
                CaseItem item,
                Optional<SignatureStream> read,
                Function<SignatureStream, CaseDecision> decide,
                Outcome unknown) {
            CaseDecision decision =
                    read.map(decide).orElseGet(() -> new CaseDecision(unknown, Optional.empty(), false));
            return new Decided(
                    item, decision, read.flatMap(stream -> decision.event().map(event -> new Addition(stream, event))));
        }
    }

    /**
     * Decides about signatures, and appends the events together. If another command has changed one of them in the
     * meantime, all are decided again. At last each is appended alone, so that none waits for another.
     *
     * @param unknown the outcome of a signature that is not in the log
     */
    private int process(
            InvalidationCase view,
            List<CaseItem> items,
            Function<SignatureStream, CaseDecision> decide,
            Outcome unknown) {
        Batch batch = new Batch();
        int events = 0;
        List<CaseItem> remaining = items;
        for (int attempt = 0; !remaining.isEmpty() && attempt <= JOINT_ATTEMPTS; attempt++) {
            Map<UUID, SignatureStream> read = read(view.petition(), remaining);
            List<Decided> decided = remaining.stream()
                    .map(item -> Decided.of(item, Optional.ofNullable(read.get(item.signature())), decide, unknown))
                    .toList();
            List<List<Decided>> units = attempt < JOINT_ATTEMPTS
                    ? List.of(decided)
                    : decided.stream().map(List::of).toList();
            List<CaseItem> conflicting = new ArrayList<>();
            for (List<Decided> unit : units) {
                List<Addition> additions =
                        unit.stream().flatMap(one -> one.addition().stream()).toList();
                if (additions.isEmpty() || streams.appendTogether(additions)) {
                    unit.forEach(one -> batch.add(
                            one.item().signature(), one.decision(), one.item().waiting()));
                    events += additions.size();
                } else {
                    unit.forEach(one -> conflicting.add(one.item()));
                }
            }
            remaining = conflicting;
        }
        record(view.id(), batch);
        return events;
    }

    private void record(UUID id, Batch batch) {
        store.record(id, batch.outcomes, batch.numbers());
        processed.forEach(
                (outcome, counter) -> counter.increment(Collections.frequency(batch.outcomes.values(), outcome)));
    }

    private Map<UUID, SignatureStream> read(PetitionSlug petition, List<CaseItem> items) {
        return signatures.read(petition, items.stream().map(CaseItem::signature).toList()).stream()
                .collect(Collectors.toMap(SignatureStream::id, stream -> stream));
    }
}
