package org.countersign.faulttest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Breaks one thing while people sign, lets everything come to rest, and looks. */
final class Experiment {

    private static final Duration BEFORE = Duration.ofMillis(1500);
    private static final Duration AFTER = Duration.ofMillis(1000);
    private static final int SHORTEST_MILLIS = 3000;
    private static final int LONGEST_MILLIS = 7000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    /**
     * How it went.
     *
     * @param wrong what did not hold when patience ended, or can never hold any more
     * @param notDone how many calls were not answered, or with 503, and were made again
     * @param gap the longest time without a sign call that was accepted
     * @param ready from the end of the fault until every part said that it was ready
     * @param settled from the end of the fault until everybody was done and everything held
     */
    record Outcome(String fault, List<String> wrong, long notDone, Duration gap, Duration ready, Duration settled) {}

    private final FaultStack site;
    private final SignerPopulation people;
    private final InvariantCheck proof;
    private final Random random;

    Experiment(FaultStack site, SignerPopulation people, InvariantCheck proof, Random random) {
        this.site = site;
        this.people = people;
        this.proof = proof;
        this.random = random;
    }

    Outcome run(Fault fault) throws InterruptedException {
        List<InvariantCheck.Expected> petitions = List.of(site.publish(), site.publish());
        proof.expect(petitions);
        people.letIn(petitions.stream().map(InvariantCheck.Expected::slug).toList());
        Thread.sleep(BEFORE.toMillis());
        fault.begin().run();
        if (fault.end() != Fault.NOTHING) {
            Thread.sleep(random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS));
        }
        List<String> wrong = new ArrayList<>();
        if (fault.nobodyCanSign()
                && site.instances("signature-service").stream().anyMatch(site::isReady)) {
            wrong.add("a signature service says that it is ready, and nobody can sign");
        }
        fault.end().run();
        long ended = System.nanoTime();
        Duration ready = awaitReady(ended, wrong);
        PostAttempt first = people.oneMore(petitions.get(0).slug());
        if (first.status() != 202) {
            wrong.add("all said that they were ready, and a sign call was answered " + first.status());
        }
        Thread.sleep(AFTER.toMillis());
        Duration gap = people.longestGap();
        long notDone = people.notDone();
        people.letNobodyIn();
        awaitRest(wrong);
        if (fault.name().equals(FaultCatalog.ROLLING_RESTART) && notDone > 0) {
            wrong.add(notDone + " calls were not answered, or with 503");
        }
        return new Outcome(fault.name(), wrong, notDone, gap, ready, since(ended));
    }

    private Duration awaitReady(long from, List<String> wrong) throws InterruptedException {
        List<String> notReady = site.notReady();
        while (!notReady.isEmpty() && since(from).compareTo(PATIENCE) < 0) {
            Thread.sleep(BETWEEN_LOOKS.toMillis());
            notReady = site.notReady();
        }
        notReady.forEach(part -> wrong.add(part + " did not become ready"));
        return since(from);
    }

    /** Waits until everybody is done and everything holds; what does not by then is wrong. */
    void awaitRest(List<String> wrong) throws InterruptedException {
        long from = System.nanoTime();
        while (people.busy() > 0 && since(from).compareTo(PATIENCE) < 0) {
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
        if (people.busy() > 0) {
            wrong.add(people.busy() + " people were not done");
            people.everybody().stream()
                    .filter(person -> !person.isDone())
                    .limit(3)
                    .forEach(person -> wrong.add(person.address() + " waits to " + person.step()));
        }
        List<String> open = proof.look();
        while (!open.isEmpty() && since(from).compareTo(PATIENCE) < 0) {
            Thread.sleep(BETWEEN_LOOKS.toMillis());
            open = proof.look();
        }
        wrong.addAll(open);
        wrong.addAll(proof.broken());
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
