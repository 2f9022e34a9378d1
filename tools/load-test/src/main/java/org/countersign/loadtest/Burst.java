package org.countersign.loadtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.ProgressBar;
import org.countersign.localstack.client.UserException;

/** Runs one burst. Simulated signers sign, and some of them confirm, withdraw or sign again. */
final class Burst {

    /**
     * The parameters of a burst.
     *
     * @param calls the number of sign requests
     * @param clients the number of connections
     * @param verify the fraction of signers that confirm
     * @param withdraw the fraction of signers that withdraw
     * @param duplicates the fraction of sign requests that repeat an earlier signature
     * @param patience how long a signer repeats a sign request that the service refuses for now
     * @param seed the seed of all random choices
     */
    record BurstPlan(
            String petition,
            int calls,
            ArrivalSchedule schedule,
            int clients,
            double verify,
            double withdraw,
            double duplicates,
            Duration patience,
            long seed) {}

    private static final String[] COUNTRIES = {"AM", "DE", "FR", "GB", "IN", "KE", "BR", "US", "JP", "NL"};
    private static final long MAX_LATENCY_NANOS = 600_000_000_000L;
    private static final long FIRST_PAUSE_NANOS = 2_000_000_000L;
    /** The pause grows to about 15 seconds. */
    private static final int MAX_GROWTHS = 5;

    private final Ports ports;
    private final Optional<String> credentials;
    private final BurstPlan plan;
    private final ProgressBar progress;
    private final String run = Long.toString(System.currentTimeMillis(), 36);
    private final Histogram signLatency = new Histogram(MAX_LATENCY_NANOS, 3);
    private final Histogram confirmLatency = new Histogram(MAX_LATENCY_NANOS, 3);
    private final Histogram mailLatency = new Histogram(MAX_LATENCY_NANOS, 3);
    private final SignAttempts attempts = new SignAttempts();
    private final AcceptedTimes accepted;
    private final ConcurrentLinkedQueue<HttpLoad.TimedRequest> actions = new ConcurrentLinkedQueue<>();
    private final AtomicInteger actionsExpected = new AtomicInteger();
    private final AtomicInteger actionsEnded = new AtomicInteger();
    private final AtomicLong errors = new AtomicLong();
    private final MailboxPoller mailbox;
    private volatile int answered;
    private volatile int repeated;
    private volatile int confirmed;
    private volatile int withdrawn;
    private volatile int confirmedThenWithdrawn;
    private volatile boolean mailTimedOut;

    /** @param credentials of the organiser or the auditor, who see how many signatures are pending and withdrawn */
    Burst(Ports ports, Optional<String> credentials, BurstPlan plan, ProgressBar progress) {
        this.ports = ports;
        this.credentials = credentials;
        this.plan = plan;
        this.progress = progress;
        this.accepted = new AcceptedTimes(plan.calls());
        this.mailbox = new MailboxPoller(ports.mailbox(), this::addAction);
    }

    /** Runs the burst, waits until the counter has counted everything, and returns the results. */
    BurstReport run() {
        LagMonitor lagMonitor = new LagMonitor(ports, credentials, plan.petition(), accepted);
        LagMonitor.ObservedCounts before = lagMonitor.counts();
        lagMonitor.start(before, this::showProgress);
        mailbox.start();
        long start = System.nanoTime();
        long signingEnded;
        SignerActions signers = new SignerActions(start);
        try (HttpLoad load = new HttpLoad(ports.signatureService(), plan.clients())) {
            load.run(signers);
            signingEnded = signers.lastSigned;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        mailbox.stop();
        LagMonitor.ObservedCounts expected = before.plus(
                confirmed - confirmedThenWithdrawn,
                accepted.count() - confirmed - (withdrawn - confirmedThenWithdrawn),
                withdrawn);
        LagMonitor.ObservedCounts after = lagMonitor.awaitCounted(expected);
        lagMonitor.stop();
        progress.end();
        return new BurstReport(
                plan,
                signLatency,
                confirmLatency,
                mailLatency,
                attempts,
                accepted.count(),
                repeated,
                confirmed,
                withdrawn,
                errors.get(),
                (signingEnded - start) / 1e9,
                mailbox.outstanding(),
                before,
                after,
                expected,
                lagMonitor);
    }

    private void showProgress(LagMonitor.ObservedCounts counts, double perSecond) {
        double done = (double) answered / plan.calls();
        String mail = mailbox.outstanding() == 0 ? "" : ", " + mailbox.outstanding() + " waiting for mail";
        progress.show(
                done,
                "%,d of %,d signed, %,.0f/s; counter: %,d verified, %,d pending%s"
                        .formatted(answered, plan.calls(), perSecond, counts.verified(), counts.pending(), mail));
    }

    private String address(int signer) {
        return "signer-" + signer + "@" + run + ".burst.example";
    }

    /** Returns another spelling of the same address. */
    private String otherSpelling(int signer) {
        return "Signer-" + signer + "+again@" + run + ".BURST.example";
    }

    private byte[] signRequest(int signer, String email) {
        return HttpLoad.post(
                "/api/petitions/" + plan.petition() + "/signatures",
                "{\"name\":\"Bea Burst\",\"email\":\"" + email + "\",\"country\":\""
                        + COUNTRIES[signer % COUNTRIES.length] + "\"}");
    }

    /** Adds the next request of a signer whose mail has arrived. */
    private void addAction(MailboxPoller.ExpectedMail mail) {
        mailLatency.recordValue(Math.min(mail.latency().toNanos(), MAX_LATENCY_NANOS));
        if (mail.confirms()) {
            actions.add(new ConfirmRequest(mail));
        } else {
            actions.add(new WithdrawRequest(mail, false));
        }
    }

    /** Supplies the requests of all signers. Only the load thread calls it. */
    private final class SignerActions implements HttpLoad.RequestSource {

        private final long start;
        private final Random random = new Random(plan.seed());
        /** Signers that will not withdraw. Only they repeat, because signing after a withdrawal is a new signature. */
        private final BitSet remainingSigners = new BitSet();

        /** Refused sign requests, the earliest repetition first. */
        private final Queue<SignRequest> waiting =
                new PriorityQueue<>(Comparator.comparingLong((SignRequest request) -> request.notBefore));

        private int made;
        private int signers;
        private boolean actionsTurn;
        private volatile long lastSigned;

        private SignerActions(long start) {
            this.start = start;
        }

        @Override
        public Optional<HttpLoad.TimedRequest> next(long now) {
            actionsTurn = !actionsTurn;
            SignRequest repetition = waiting.peek();
            if (repetition != null && repetition.notBefore <= now) {
                return Optional.ofNullable(waiting.poll());
            }
            if (made == plan.calls()) {
                return Optional.ofNullable(actions.poll());
            }
            Optional<HttpLoad.TimedRequest> action = Optional.ofNullable(actionsTurn ? actions.poll() : null);
            if (action.isPresent()) {
                return action;
            }
            long due = plan.schedule().hasRate() ? start + plan.schedule().due(made) : now;
            if (due > now) {
                return Optional.ofNullable(actions.poll());
            }
            made++;
            OptionalInt again = random.nextDouble() < plan.duplicates() ? signerToRepeat() : OptionalInt.empty();
            return Optional.of(
                    again.isPresent()
                            ? new RepeatedSignRequest(again.getAsInt(), due, 1, due)
                            : new FirstSignRequest(signers++, random.nextDouble(), due, 1, due));
        }

        private OptionalInt signerToRepeat() {
            int signer = signers == 0 ? -1 : remainingSigners.nextSetBit(random.nextInt(signers));
            return signer < 0 ? OptionalInt.empty() : OptionalInt.of(signer);
        }

        /** A sign request with its earlier attempts. */
        private abstract class SignRequest extends HttpLoad.TimedRequest {

            protected final int signer;
            protected final long due;
            protected final int attempt;
            private final long notBefore;

            private SignRequest(int signer, String email, long due, int attempt, long notBefore) {
                super(signRequest(signer, email), due);
                this.signer = signer;
                this.due = due;
                this.attempt = attempt;
                this.notBefore = notBefore;
            }

            /** Returns the next attempt. Its latency counts from the first. */
            protected abstract SignRequest again(long notBefore);

            protected abstract void accepted();

            @Override
            protected void completed(int status, String body, long nanos) {
                if (isTemporary(status)
                        && !mailTimedOut
                        && (status == 0 || nanos < plan.patience().toNanos())) {
                    // After a lost connection, the service may have recorded the signature. People try again.
                    attempts.refused(status);
                    if (status == 0) {
                        errors.incrementAndGet();
                    }
                    waiting.add(again(System.nanoTime() + pause()));
                    return;
                }
                answered++;
                lastSigned = System.nanoTime();
                signLatency.recordValue(Math.min(nanos, MAX_LATENCY_NANOS));
                if (status != 202) {
                    errors.incrementAndGet();
                    return;
                }
                attempts.accepted(lastSigned - start, attempt);
                accepted();
            }

            /** Grows by half with each attempt and varies by a third, as in the sign form. */
            private long pause() {
                double growth = Math.pow(1.5, Math.min(attempt - 1, MAX_GROWTHS));
                return (long) (FIRST_PAUSE_NANOS * growth * (0.83 + random.nextDouble() / 3));
            }
        }

        private final class RepeatedSignRequest extends SignRequest {

            private RepeatedSignRequest(int signer, long due, int attempt, long notBefore) {
                super(signer, otherSpelling(signer), due, attempt, notBefore);
            }

            @Override
            protected SignRequest again(long notBefore) {
                return new RepeatedSignRequest(signer, due, attempt + 1, notBefore);
            }

            @Override
            protected void accepted() {
                repeated++;
            }
        }

        private final class FirstSignRequest extends SignRequest {

            private final double chance;

            private FirstSignRequest(int signer, double chance, long due, int attempt, long notBefore) {
                super(signer, address(signer), due, attempt, notBefore);
                this.chance = chance;
            }

            @Override
            protected SignRequest again(long notBefore) {
                return new FirstSignRequest(signer, chance, due, attempt + 1, notBefore);
            }

            @Override
            protected void accepted() {
                accepted.add(System.nanoTime());
                remainingSigners.set(signer, chance >= plan.withdraw());
                if (chance < plan.verify() || chance < plan.withdraw()) {
                    actionsExpected.incrementAndGet();
                    mailbox.expect(new MailboxPoller.ExpectedMail(
                            address(signer), chance < plan.verify(), chance < plan.withdraw()));
                }
            }
        }

        @Override
        public boolean finished() {
            mailTimedOut = mailbox.hasTimedOut();
            return made == plan.calls()
                    && answered == made
                    && actions.isEmpty()
                    && (mailTimedOut || actionsEnded.get() == actionsExpected.get());
        }
    }

    private static boolean isTemporary(int status) {
        return status == 0 || status == 429 || status == 503;
    }

    /** Repeats a request after a lost connection or a status that asks for a retry. Other failures are final. */
    private void failed(int status, Supplier<HttpLoad.TimedRequest> again) {
        errors.incrementAndGet();
        if (isTemporary(status)) {
            actions.add(again.get());
        } else {
            actionsEnded.incrementAndGet();
        }
    }

    private final class ConfirmRequest extends HttpLoad.TimedRequest {

        private final MailboxPoller.ExpectedMail mail;

        private ConfirmRequest(MailboxPoller.ExpectedMail mail) {
            super(
                    HttpLoad.post("/api/signatures/verify", "{\"token\":\"" + mail.confirmToken() + "\"}"),
                    System.nanoTime());
            this.mail = mail;
        }

        @Override
        protected void completed(int status, String body, long nanos) {
            confirmLatency.recordValue(Math.min(nanos, MAX_LATENCY_NANOS));
            if (status != 200) {
                failed(status, () -> new ConfirmRequest(mail));
                return;
            }
            confirmed++;
            if (mail.withdraws()) {
                actions.add(new WithdrawRequest(mail, true));
            } else {
                actionsEnded.incrementAndGet();
            }
        }
    }

    private final class WithdrawRequest extends HttpLoad.TimedRequest {

        private final MailboxPoller.ExpectedMail mail;
        private final boolean afterConfirming;

        private WithdrawRequest(MailboxPoller.ExpectedMail mail, boolean afterConfirming) {
            super(
                    HttpLoad.post("/api/signatures/withdraw", "{\"token\":\"" + mail.withdrawToken() + "\"}"),
                    System.nanoTime());
            this.mail = mail;
            this.afterConfirming = afterConfirming;
        }

        @Override
        protected void completed(int status, String body, long nanos) {
            if (status != 200) {
                failed(status, () -> new WithdrawRequest(mail, afterConfirming));
                return;
            }
            withdrawn++;
            confirmedThenWithdrawn += afterConfirming ? 1 : 0;
            actionsEnded.incrementAndGet();
        }
    }

    /** Restores the interrupt flag and ends the command. */
    static UserException interrupted() {
        Thread.currentThread().interrupt();
        return new UserException("Stopped.");
    }
}
