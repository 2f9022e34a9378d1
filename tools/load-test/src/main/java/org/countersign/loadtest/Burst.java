package org.countersign.loadtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.ProgressBar;
import org.countersign.localstack.client.UserException;

/** One burst: people sign; some read their mail and confirm, some withdraw, some sign again. */
final class Burst {

    /**
     * What is to happen.
     *
     * @param verify the part of the signers who confirm
     * @param withdraw the part of the signers who withdraw
     * @param duplicates the part of the calls that sign again
     */
    record Plan(
            String petition,
            int calls,
            ArrivalSchedule schedule,
            int clients,
            double verify,
            double withdraw,
            double duplicates,
            long seed) {}

    private static final String[] COUNTRIES = {"AM", "DE", "FR", "GB", "IN", "KE", "BR", "US", "JP", "NL"};
    private static final long LONGEST = 600_000_000_000L;

    private final Ports ports;
    private final Plan plan;
    private final ProgressBar progress;
    private final String run = Long.toString(System.currentTimeMillis(), 36);
    private final Histogram signLatency = new Histogram(LONGEST, 3);
    private final Histogram confirmLatency = new Histogram(LONGEST, 3);
    private final AcceptedTimes accepted;
    private final ConcurrentLinkedQueue<HttpLoad.Call> actions = new ConcurrentLinkedQueue<>();
    private final AtomicInteger actionsExpected = new AtomicInteger();
    private final AtomicInteger actionsEnded = new AtomicInteger();
    private final AtomicLong errors = new AtomicLong();
    private final MailboxPoller letters;
    private volatile int answered;
    private volatile int repeated;
    private volatile int confirmed;
    private volatile int withdrawn;
    private volatile int confirmedThenWithdrawn;
    private volatile boolean givenUp;

    Burst(Ports ports, Plan plan, ProgressBar progress) {
        this.ports = ports;
        this.plan = plan;
        this.progress = progress;
        this.accepted = new AcceptedTimes(plan.calls());
        this.letters = new MailboxPoller(ports.mailbox(), this::read);
    }

    /** Makes the burst, waits until everything is counted, and tells how it went. */
    BurstReport run() {
        LagMonitor watch = new LagMonitor(ports, plan.petition(), accepted);
        LagMonitor.Counts before = watch.counts();
        watch.start(before, this::showProgress);
        letters.start();
        long start = System.nanoTime();
        long signingEnded;
        Signers signers = new Signers(start);
        try (HttpLoad load = new HttpLoad(ports.signatureService(), plan.clients())) {
            load.run(signers);
            signingEnded = signers.lastSigned;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        letters.stop();
        LagMonitor.Counts expected = before.plus(
                confirmed - confirmedThenWithdrawn,
                accepted.count() - confirmed - (withdrawn - confirmedThenWithdrawn),
                withdrawn);
        LagMonitor.Counts after = watch.awaitCounted(expected);
        watch.stop();
        progress.end();
        return new BurstReport(
                plan,
                signLatency,
                confirmLatency,
                accepted.count(),
                repeated,
                confirmed,
                withdrawn,
                errors.get(),
                (signingEnded - start) / 1e9,
                letters.outstanding(),
                before,
                after,
                expected,
                watch);
    }

    private void showProgress(LagMonitor.Counts counts, double perSecond) {
        double done = (double) answered / plan.calls();
        String mail = letters.outstanding() == 0 ? "" : ", " + letters.outstanding() + " wait for mail";
        progress.show(
                done,
                "%,d of %,d signed, %,.0f/s; counter: %,d verified, %,d pending%s"
                        .formatted(answered, plan.calls(), perSecond, counts.verified(), counts.pending(), mail));
    }

    private String address(int signer) {
        return "signer-" + signer + "@" + run + ".burst.example";
    }

    /** Another way to write the same address. */
    private String otherSpelling(int signer) {
        return "Signer-" + signer + "+again@" + run + ".BURST.example";
    }

    private byte[] signRequest(int signer, String email) {
        return HttpLoad.post(
                "/api/petitions/" + plan.petition() + "/signatures",
                "{\"name\":\"Bea Burst " + signer + "\",\"email\":\"" + email + "\",\"country\":\""
                        + COUNTRIES[signer % COUNTRIES.length] + "\"}");
    }

    /** A signer's mail has come, with its links. */
    private void read(MailboxPoller.Letter letter) {
        if (letter.confirms()) {
            actions.add(new Confirm(letter));
        } else {
            actions.add(new Withdraw(letter, false));
        }
    }

    /** Gives the load what people do next. Only its thread calls this. */
    private final class Signers implements HttpLoad.Source {

        private final long start;
        private final Random random = new Random(plan.seed());
        /** Who has signed and won't withdraw: signing again after that would be signing anew, and no repeat. */
        private final BitSet stayers = new BitSet();

        private int made;
        private int signers;
        private boolean actionsTurn;
        private volatile long lastSigned;

        private Signers(long start) {
            this.start = start;
        }

        @Override
        public HttpLoad.Call next(long now) {
            actionsTurn = !actionsTurn;
            HttpLoad.Call action = actionsTurn || made == plan.calls() ? actions.poll() : null;
            if (action != null || made == plan.calls()) {
                return action;
            }
            long due = plan.schedule().hasRate() ? start + plan.schedule().due(made) : now;
            if (due > now) {
                return actions.poll();
            }
            made++;
            OptionalInt again = random.nextDouble() < plan.duplicates() ? somebodyWhoStays() : OptionalInt.empty();
            return again.isPresent()
                    ? new SignAgain(again.getAsInt(), due)
                    : new Sign(signers++, random.nextDouble(), due);
        }

        private OptionalInt somebodyWhoStays() {
            int signer = signers == 0 ? -1 : stayers.nextSetBit(random.nextInt(signers));
            return signer < 0 ? OptionalInt.empty() : OptionalInt.of(signer);
        }

        private final class SignAgain extends HttpLoad.Call {

            private SignAgain(int signer, long due) {
                super(signRequest(signer, otherSpelling(signer)), due);
            }

            @Override
            protected void ended(int status, String body, long nanos) {
                signed(status, nanos);
                if (status == 202) {
                    repeated++;
                }
            }
        }

        private final class Sign extends HttpLoad.Call {

            private final int signer;
            private final double chance;
            private final long due;

            private Sign(int signer, double chance, long due) {
                super(signRequest(signer, address(signer)), due);
                this.signer = signer;
                this.chance = chance;
                this.due = due;
            }

            @Override
            protected void ended(int status, String body, long nanos) {
                if (status == 0 && !givenUp) {
                    // Whether it was recorded is not known. A person would press the button again.
                    errors.incrementAndGet();
                    actions.add(new Sign(signer, chance, due));
                    return;
                }
                signed(status, nanos);
                if (status == 202) {
                    accepted.add(System.nanoTime());
                    stayers.set(signer, chance >= plan.withdraw());
                    if (chance < plan.verify() || chance < plan.withdraw()) {
                        actionsExpected.incrementAndGet();
                        letters.expect(new MailboxPoller.Letter(
                                address(signer), chance < plan.verify(), chance < plan.withdraw()));
                    }
                }
            }
        }

        private void signed(int status, long nanos) {
            answered++;
            lastSigned = System.nanoTime();
            signLatency.recordValue(Math.min(nanos, LONGEST));
            if (status != 202) {
                errors.incrementAndGet();
            }
        }

        @Override
        public boolean finished() {
            givenUp = letters.hasGivenUp();
            return made == plan.calls()
                    && actions.isEmpty()
                    && (givenUp || actionsEnded.get() == actionsExpected.get());
        }
    }

    /** Whoever is told to come back later, or was not answered, presses the button again; a refusal is final. */
    private void failed(int status, Supplier<HttpLoad.Call> again) {
        errors.incrementAndGet();
        if (status == 0 || status == 429 || status == 503) {
            actions.add(again.get());
        } else {
            actionsEnded.incrementAndGet();
        }
    }

    private final class Confirm extends HttpLoad.Call {

        private final MailboxPoller.Letter letter;

        private Confirm(MailboxPoller.Letter letter) {
            super(
                    HttpLoad.post("/api/signatures/verify", "{\"token\":\"" + letter.confirmToken() + "\"}"),
                    System.nanoTime());
            this.letter = letter;
        }

        @Override
        protected void ended(int status, String body, long nanos) {
            confirmLatency.recordValue(Math.min(nanos, LONGEST));
            if (status != 200) {
                failed(status, () -> new Confirm(letter));
                return;
            }
            confirmed++;
            if (letter.withdraws()) {
                actions.add(new Withdraw(letter, true));
            } else {
                actionsEnded.incrementAndGet();
            }
        }
    }

    private final class Withdraw extends HttpLoad.Call {

        private final MailboxPoller.Letter letter;
        private final boolean afterConfirming;

        private Withdraw(MailboxPoller.Letter letter, boolean afterConfirming) {
            super(
                    HttpLoad.post("/api/signatures/withdraw", "{\"token\":\"" + letter.withdrawToken() + "\"}"),
                    System.nanoTime());
            this.letter = letter;
            this.afterConfirming = afterConfirming;
        }

        @Override
        protected void ended(int status, String body, long nanos) {
            if (status != 200) {
                failed(status, () -> new Withdraw(letter, afterConfirming));
                return;
            }
            withdrawn++;
            confirmedThenWithdrawn += afterConfirming ? 1 : 0;
            actionsEnded.incrementAndGet();
        }
    }

    /** When signatures were accepted, in order: to tell how far behind a count is. */
    static final class AcceptedTimes {

        private final long[] times;
        private volatile int count;

        AcceptedTimes(int most) {
            times = new long[most];
        }

        void add(long nanos) {
            times[count] = nanos;
            count++;
        }

        int count() {
            return count;
        }

        /**
         * How old the oldest accepted signature is that a counter does not have which has counted so many; 0 if it has
         * all.
         */
        long nanosBehind(long counted, long now) {
            return counted >= count || counted < 0 ? 0 : Math.max(0, now - times[(int) counted]);
        }
    }

    static void interrupted() {
        Thread.currentThread().interrupt();
        throw new UserException("Stopped.");
    }
}
