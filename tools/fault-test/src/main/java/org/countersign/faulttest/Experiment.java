package org.countersign.faulttest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Injects one fault under load, waits until the stack has settled, and checks all invariants. */
final class Experiment {

    private static final Duration LOAD_BEFORE_FAULT = Duration.ofMillis(1500);
    private static final Duration LOAD_AFTER_FAULT = Duration.ofMillis(1000);
    private static final int MIN_FAULT_MILLIS = 3000;
    private static final int MAX_FAULT_MILLIS = 7000;
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(250);

    /**
     * The result of an experiment.
     *
     * @param wrong the violations at the end of the timeout, and those that are permanent
     * @param retriedRequests the requests without a response or with 503, which the signers repeated
     * @param gap the longest time without an accepted sign request
     * @param ready the time from the end of the fault until every part was ready
     * @param settled the time from the end of the fault until all signers had finished and all invariants held
     */
    record ExperimentResult(
            String fault, List<String> wrong, long retriedRequests, Duration gap, Duration ready, Duration settled) {}

    private final FaultStack stack;
    private final SignerPopulation signers;
    private final InvariantCheck check;
    private final Random random;

    Experiment(FaultStack stack, SignerPopulation signers, InvariantCheck check, Random random) {
        this.stack = stack;
        this.signers = signers;
        this.check = check;
        this.random = random;
    }

    /** Runs the experiment with two new petitions. */
    ExperimentResult run(Fault fault) throws InterruptedException {
        List<InvariantCheck.MonitoredPetition> petitions = List.of(stack.publish(), stack.publish());
        check.expect(petitions);
        fault.prepare().run();
        signers.startArrivals(
                petitions.stream().map(InvariantCheck.MonitoredPetition::slug).toList());
        Thread.sleep(LOAD_BEFORE_FAULT.toMillis());
        fault.begin().run();
        if (fault.end() != Fault.NOTHING) {
            Thread.sleep(random.nextInt(MIN_FAULT_MILLIS, MAX_FAULT_MILLIS));
        }
        List<String> wrong = new ArrayList<>();
        checkSigning(fault.signing(), petitions.get(0).slug(), wrong);
        fault.end().run();
        long ended = System.nanoTime();
        Duration ready = awaitReady(ended, wrong);
        int status = signUntilAnswered(petitions.get(0).slug());
        if (status != 202) {
            wrong.add("all parts were ready, but a sign request ended with status " + status);
        }
        Thread.sleep(LOAD_AFTER_FAULT.toMillis());
        Duration gap = signers.longestGap();
        long retriedRequests = signers.retriedRequests();
        signers.stopArrivals();
        fault.after().run();
        awaitSettled(wrong);
        if (fault.name().equals(FaultCatalog.ROLLING_RESTART) && retriedRequests > 0) {
            wrong.add(retriedRequests + " requests had no response or status 503");
        }
        return new ExperimentResult(fault.name(), wrong, retriedRequests, gap, ready, since(ended));
    }

    private void checkSigning(Fault.SigningEffect signing, String petition, List<String> wrong)
            throws InterruptedException {
        switch (signing) {
            case POSSIBLE -> checkStatus(202, signUntilAnswered(petition), wrong);
            case UNAVAILABLE -> checkStatus(503, signers.signOnce(petition).status(), wrong);
            case NOT_READY -> {
                if (stack.instances("signature-service").stream().anyMatch(stack::isReady)) {
                    wrong.add("a signature service reports that it is ready, but signing is impossible");
                }
            }
            case UNCERTAIN -> {
                // Any answer is right.
            }
        }
    }

    /**
     * Returns the status of the first sign call that is not refused for the moment, as a busy service refuses calls.
     */
    private int signUntilAnswered(String petition) throws InterruptedException {
        long from = System.nanoTime();
        PostAttempt attempt = signers.signOnce(petition);
        while (attempt.isRetryable() && since(from).compareTo(TIMEOUT) < 0) {
            Thread.sleep(POLL_INTERVAL.toMillis());
            attempt = signers.signOnce(petition);
        }
        return attempt.status();
    }

    private static void checkStatus(int expected, int status, List<String> wrong) {
        if (status != expected) {
            wrong.add("a sign request during the fault ended with status " + status + " instead of " + expected);
        }
    }

    private Duration awaitReady(long from, List<String> wrong) throws InterruptedException {
        List<String> notReady = stack.notReady();
        while (!notReady.isEmpty() && since(from).compareTo(TIMEOUT) < 0) {
            Thread.sleep(POLL_INTERVAL.toMillis());
            notReady = stack.notReady();
        }
        notReady.forEach(part -> wrong.add(part + " did not become ready"));
        return since(from);
    }

    /**
     * Waits until all signers have finished and all invariants hold. Adds the violations that remain after the timeout.
     */
    void awaitSettled(List<String> wrong) throws InterruptedException {
        long from = System.nanoTime();
        while (signers.busy() > 0 && since(from).compareTo(TIMEOUT) < 0) {
            Thread.sleep(POLL_INTERVAL.toMillis());
        }
        if (signers.busy() > 0) {
            wrong.add(signers.busy() + " signers did not finish");
            signers.all().stream()
                    .filter(signer -> !signer.isDone())
                    .limit(3)
                    .forEach(signer -> wrong.add(signer.address() + " waits for step " + signer.step()));
        }
        List<String> violations = check.findViolations();
        while (!violations.isEmpty() && since(from).compareTo(TIMEOUT) < 0) {
            Thread.sleep(POLL_INTERVAL.toMillis());
            violations = check.findViolations();
        }
        wrong.addAll(violations);
        wrong.addAll(check.permanentViolations());
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
