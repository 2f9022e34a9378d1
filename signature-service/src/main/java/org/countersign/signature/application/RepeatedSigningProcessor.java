package org.countersign.signature.application;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.countersign.events.PetitionSigned;
import org.countersign.events.SignatureId;
import org.countersign.signature.domain.signature.SignatureCommand.SignAgain;
import org.countersign.signature.domain.signature.SignatureCommand.SignerInput;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.LeaderElectedTask;
import org.countersign.signature.eventlog.RepeatedSignings;
import org.countersign.signature.eventlog.RepeatedSignings.RepeatedSigning;
import org.countersign.signature.personaldata.PersonalData;
import org.countersign.signature.personaldata.Vault;
import org.countersign.support.lock.AdvisoryLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Processes the sign calls of addresses that have signed before, after their answer, and calls that were released. A
 * call whose address got too many mails waits until the next mail may be sent. If several wait, the newest form counts.
 */
@Component
class RepeatedSigningProcessor extends LeaderElectedTask {

    private static final Logger LOG = LoggerFactory.getLogger(RepeatedSigningProcessor.class);
    private static final long LOCK = 0x636f_756e_7465_7203L;
    private static final int PAGE_SIZE = 500;
    private static final int THREADS = 16;
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
    private static final Duration FAILURE_PAUSE = Duration.ofMinutes(1);

    private final EventLog log;
    private final RepeatedSignings calls;
    private final CommandDispatcher commands;
    private final Vault vault;
    private final Clock clock;

    RepeatedSigningProcessor(
            DataSource dataSource,
            EventLog log,
            RepeatedSignings calls,
            CommandDispatcher commands,
            Vault vault,
            Clock clock) {
        super("repeated signings", dataSource, LOCK);
        this.log = log;
        this.calls = calls;
        this.commands = commands;
        this.vault = vault;
        this.clock = clock;
    }

    @Override
    protected void lead(AdvisoryLock lock) throws SQLException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            while (isRunning()) {
                List<RepeatedSigning> due = log.isOpen() ? calls.due(PAGE_SIZE) : List.of();
                Map<SignatureId, List<RepeatedSigning>> bySignature = due.stream()
                        .collect(Collectors.groupingBy(
                                RepeatedSigning::signature, LinkedHashMap::new, Collectors.toList()));
                CompletableFuture<?>[] processing = bySignature.values().stream()
                        .map(ofOne -> CompletableFuture.runAsync(() -> process(ofOne), threads))
                        .toArray(CompletableFuture<?>[]::new);
                CompletableFuture.allOf(processing).join();
                lock.check();
                if (due.size() < PAGE_SIZE) {
                    pause(POLL_INTERVAL);
                }
            }
        } finally {
            threads.shutdown();
        }
    }

    /** Processes the calls of one signature in order. */
    private void process(List<RepeatedSigning> ofOne) {
        SignatureId signature = ofOne.get(0).signature();
        try {
            for (RepeatedSigning call : ofOne) {
                Instant now = clock.instant();
                Optional<Instant> next = commands.send(command(call, now), call.trace());
                if (next.isPresent()) {
                    calls.postpone(signature, Duration.between(now, next.get()));
                    return;
                }
            }
        } catch (RuntimeException e) {
            LOG.error("A repeated sign call cannot be processed now and will be retried: {}", e.toString());
            calls.retryLater(signature, FAILURE_PAUSE);
        }
    }

    private SignAgain command(RepeatedSigning call, Instant now) {
        PetitionSigned signed = call.signed();
        PersonalData person = vault.open(signed.signature().value(), signed.sealed(), call.secret());
        // A stranger may have typed the rest. Only the address is needed to tell its owner.
        Vault.SealedWithSecret address = vault.seal(
                signed.signature().value(), new PersonalData("", person.email(), Optional.empty(), person.language()));
        SignerInput input = new SignerInput(
                signed.petition(),
                signed.country(),
                signed.publicly(),
                signed.updates(),
                signed.sealed(),
                call.secret(),
                signed.given());
        Instant signedAt = call.released() ? signed.at() : now;
        return new SignAgain(
                signed.signature(), now, call.number(), input, address.sealed(), address.secret(), signedAt);
    }
}
