package org.countersign.loadtest.attack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.countersign.loadtest.HttpLoad;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.MetricsSnapshot;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.ProgressBar;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.json.JsonMapper;

/** Sends the sign calls of all persons at their times, reads their mails, and confirms. */
final class AttackRun {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int CONNECTIONS = 64;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    /** The header field of an answer that asks for the call with a proof of work. */
    private static final String PROOF_MISSING = "\r\nproof-of-work: missing";
    /** The run ends when no mail is due and none has arrived for this time. */
    private static final long QUIET_NANOS = 8_000_000_000L;
    /** The service may watch a call for a minute before it sends the mail. The run does not end before. */
    private static final Duration WATCHED_FOR = Duration.ofSeconds(80);
    /** The run ends in any case this long after the last sign call was due. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    /** The alert counts from the answer to this sign call of the attack. */
    private static final int NOTICEABLE_CALLS = 100;

    /**
     * What a run has shown.
     *
     * @param fates what happened to each person
     * @param timeToAlert from the hundredth sign call of the attack to the mail that alerts the organiser. Empty if
     *     there was no such call, or no such mail. It is negative if the mail came before the call
     */
    record AttackOutcome(Map<SimulatedPerson, Fate> fates, Optional<Duration> timeToAlert) {}

    /** What happened to one person. */
    enum Fate {
        /** The service refused the call until the person gave up. */
        REFUSED,
        /** The call was accepted, and no mail came. */
        NOT_MAILED,
        /** The mail came, and the person did not confirm. */
        MAILED,
        /** The signature counts. */
        VERIFIED
    }

    private final Ports ports;
    private final String petition;
    private final ProgressBar progress;
    private final ApiClient api = new ApiClient();
    private final Map<String, Progress> people = new HashMap<>();
    private final ConcurrentLinkedQueue<ReceivedMail> mails = new ConcurrentLinkedQueue<>();
    private final Queue<PlannedCall> planned =
            new PriorityQueue<>(Comparator.comparingLong((PlannedCall call) -> call.due));
    /** Sign calls with the solution of a challenge. */
    private final ConcurrentLinkedQueue<PlannedCall> solved = new ConcurrentLinkedQueue<>();

    private final Queue<ChallengeCall> challenges = new ArrayDeque<>();
    private final ProofSolver solver = new ProofSolver();
    private final MailFollower follower;
    private long start;
    private long lastDue;
    private int unanswered;
    private int verified;
    private boolean idle;
    private boolean needsProof;
    private int unsolved;
    private long nextIdleCheck;
    private int attackerCalls;
    private long noticeableAt;
    private volatile long alertedAt;

    private record ReceivedMail(String address, String token) {}

    /** A person and how far the person has come. */
    private static final class Progress {

        private final SimulatedPerson person;
        private Fate fate = Fate.REFUSED;

        private Progress(SimulatedPerson person) {
            this.person = person;
        }
    }

    /** @param organiser the address that an alert goes to */
    AttackRun(Ports ports, String petition, String organiser, ProgressBar progress) {
        this.ports = ports;
        this.petition = petition;
        this.progress = progress;
        follower = new MailFollower(
                ports.mailbox(), (address, token) -> mails.add(new ReceivedMail(address, token)), address -> {
                    if (address.equals(organiser) && alertedAt == 0) {
                        alertedAt = System.nanoTime();
                    }
                });
    }

    /** Runs until every call is answered and no mail is due. */
    AttackOutcome run(List<SimulatedPerson> all) {
        start = System.nanoTime();
        for (SimulatedPerson person : all) {
            Progress state = new Progress(person);
            if (people.put(person.email(), state) != null) {
                throw new IllegalStateException("two persons have one address");
            }
            long due = start + person.signsAt().toNanos();
            lastDue = Math.max(lastDue, due);
            planned.add(new PlannedSignCall(state, "", due, due));
        }
        follower.start();
        try (follower;
                solver;
                HttpLoad load = new HttpLoad(ports.signatureService(), CONNECTIONS)) {
            load.run(new Calls());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        progress.end();
        Map<SimulatedPerson, Fate> fates = new HashMap<>();
        people.values().forEach(state -> fates.put(state.person, state.fate));
        boolean isMeasured = noticeableAt != 0 && alertedAt != 0;
        return new AttackOutcome(
                fates, isMeasured ? Optional.of(Duration.ofNanos(alertedAt - noticeableAt)) : Optional.empty());
    }

    private final class Calls implements HttpLoad.RequestSource {

        @Override
        public Optional<HttpLoad.TimedRequest> next(long now) {
            for (ReceivedMail mail = mails.poll(); mail != null; mail = mails.poll()) {
                received(mail, now);
            }
            for (PlannedCall call = solved.poll(); call != null; call = solved.poll()) {
                unsolved--;
                planned.add(call);
            }
            ChallengeCall challenge = challenges.poll();
            if (challenge != null) {
                unanswered++;
                return Optional.of(challenge);
            }
            PlannedCall first = planned.peek();
            if (first == null || first.due > now) {
                return Optional.empty();
            }
            planned.remove();
            unanswered++;
            return Optional.of(
                    needsProof && first instanceof PlannedSignCall sign && sign.mayProve()
                            ? new ChallengeCall(sign)
                            : first);
        }

        @Override
        public boolean finished() {
            long now = System.nanoTime();
            progress.show(
                    Math.min(1, (double) (now - start) / Math.max(1, lastDue - start)),
                    "%,d calls planned, %,d confirmed".formatted(planned.size(), verified));
            if (now > lastDue + LONGEST_WAIT.toNanos()) {
                throw new UserException("Mails are still due " + LONGEST_WAIT.toMinutes()
                        + " minutes after the last sign call. Look at the notifier's log.");
            }
            return planned.isEmpty()
                    && challenges.isEmpty()
                    && mails.isEmpty()
                    && unanswered == 0
                    && unsolved == 0
                    && isIdle(now);
        }
    }

    /** The metrics are read once a second at most. */
    private boolean isIdle(long now) {
        if (now >= nextIdleCheck && follower.quietNanos() > QUIET_NANOS) {
            nextIdleCheck = now + 1_000_000_000L;
            MetricsSnapshot relay = api.metrics(ports.signatureServiceManagement());
            MetricsSnapshot notifier = api.metrics(ports.notifierManagement());
            idle = relay.highest("countersign_relay_lag_events").orElse(1) == 0
                    && notifier.highest("countersign_deliveries_due").orElse(1) == 0;
        }
        return idle && follower.quietNanos() > QUIET_NANOS && now > lastDue + WATCHED_FOR.toNanos();
    }

    private void received(ReceivedMail mail, long now) {
        Progress state = people.get(mail.address());
        if (state == null || state.fate == Fate.VERIFIED || state.fate == Fate.MAILED) {
            return;
        }
        state.fate = Fate.MAILED;
        state.person
                .confirmation()
                .ifPresent(confirmation -> planned.add(new ConfirmCall(
                        state,
                        mail.token(),
                        Math.max(
                                now + confirmation.afterMail().toNanos(),
                                start + confirmation.notBefore().toNanos()))));
    }

    /** Gets the challenge for a sign call, and plans the call with its solution. */
    private final class ChallengeCall extends HttpLoad.TimedRequest {

        private final PlannedSignCall sign;

        private ChallengeCall(PlannedSignCall sign) {
            super(HttpLoad.get("/api/petitions/" + petition + "/challenge"), sign.due);
            this.sign = sign;
        }

        @Override
        protected void completed(int status, String body, long nanos) {
            unanswered--;
            if (status == 200) {
                unsolved++;
                solver.solve(
                        body,
                        solution -> solved.add(
                                new PlannedSignCall(sign.state, solution, sign.firstDue, System.nanoTime())));
            } else {
                needsProof = false;
                planned.add(sign.again(System.nanoTime()));
            }
        }
    }

    private abstract class PlannedCall extends HttpLoad.TimedRequest {

        final Progress state;
        final long due;

        PlannedCall(Progress state, byte[] request, long due) {
            super(request, due);
            this.state = state;
            this.due = due;
        }

        abstract void answered(int status);

        abstract boolean givesUp();

        abstract PlannedCall again(long later);

        @Override
        protected void completed(int status, String body, long nanos) {
            unanswered--;
            if ((status == 0 || status == 429 || status == 503) && !givesUp()) {
                planned.add(again(System.nanoTime() + PAUSE.toNanos()));
            } else {
                answered(status);
            }
        }
    }

    private final class PlannedSignCall extends PlannedCall {

        private final String solution;
        private final long firstDue;
        private boolean lacksProof;

        /** @param solution the solution of a challenge, or an empty text */
        private PlannedSignCall(Progress state, String solution, long firstDue, long due) {
            super(
                    state,
                    HttpLoad.postFor(
                            state.person.network(),
                            "/api/petitions/" + petition + "/signatures",
                            JSON.writeValueAsString(Map.of(
                                    "name", state.person.name(),
                                    "email", state.person.email(),
                                    "country", state.person.country(),
                                    "altcha", solution))),
                    due);
            this.solution = solution;
            this.firstDue = firstDue;
        }

        @Override
        protected void received(String headers) {
            lacksProof = headers.contains(PROOF_MISSING);
        }

        /** A person has the browser's script. An attacker calls the API. */
        boolean mayProve() {
            return solution.isEmpty() && !state.person.attacker();
        }

        @Override
        void answered(int status) {
            if (state.person.attacker() && ++attackerCalls == NOTICEABLE_CALLS) {
                noticeableAt = System.nanoTime();
            }
            if (lacksProof && mayProve()) {
                needsProof = true;
                challenges.add(new ChallengeCall(this));
            }
            if (status == 202) {
                // The mail may have arrived before the answer was read.
                state.fate = state.fate == Fate.REFUSED ? Fate.NOT_MAILED : state.fate;
            } else if (status != 429 && status != 503 && status != 0) {
                throw new UserException("A sign call was answered with status " + status + ".");
            }
        }

        @Override
        boolean givesUp() {
            return System.nanoTime() - firstDue > PATIENCE.toNanos();
        }

        @Override
        PlannedCall again(long later) {
            return new PlannedSignCall(state, solution, firstDue, later);
        }
    }

    private final class ConfirmCall extends PlannedCall {

        private final String token;

        private ConfirmCall(Progress state, String token, long due) {
            super(
                    state,
                    HttpLoad.postFor(
                            state.person.network(),
                            "/api/signatures/verify",
                            JSON.writeValueAsString(Map.of("token", token))),
                    due);
            this.token = token;
        }

        @Override
        void answered(int status) {
            if (status == 200) {
                state.fate = Fate.VERIFIED;
                verified++;
            }
        }

        @Override
        boolean givesUp() {
            return false;
        }

        @Override
        PlannedCall again(long later) {
            return new ConfirmCall(state, token, later);
        }
    }
}
