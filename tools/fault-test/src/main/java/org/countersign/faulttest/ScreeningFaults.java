package org.countersign.faulttest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.countersign.faulttest.SignerGroup.CallFate;
import org.countersign.faulttest.SignerGroup.GroupMember;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.net.Endpoint;
import org.countersign.localstack.net.TcpRelay;
import tools.jackson.databind.JsonNode;

/**
 * Lists the faults of cases, signing rules and releases: an instance of the signature service dies in the middle. The
 * petition is the one that was published last, which other signers sign as well.
 */
final class ScreeningFaults {

    private static final String SERVICE = "signature-service";
    private static final Duration TIMEOUT = Duration.ofMinutes(4);
    private static final long POLL_INTERVAL_MILLIS = 30;
    /** The signers whose signatures count before the case: one of twenty-five. */
    private static final int CONFIRMED_SHARE = 25;
    /** A release has one held call for ten signatures of a case. */
    private static final int RELEASED_SHARE = 10;

    private static final int LINKS_TRIED = 5;
    private static final int HTTP_CONFLICT = 409;
    /** The time after which all instances know new rules, by the Javadoc of {@code RuleChanges}. */
    private static final long RULES_APPLY_MILLIS = 1000;

    private static final int CALLS_AFTER_CHANGE = 20;
    private static final int LOAD_THREADS = 2;
    private static final long LOAD_PAUSE_MILLIS = 40;
    private static final int MAX_DELAY_MILLIS = 60;
    /** The common pool may have fewer threads than calls that wait for each other. */
    private static final Executor THREADS = task -> TcpRelay.startDaemon("organiser", task);

    private final FaultStack stack;
    private final SignerGroups groups;
    private final Random random;
    private final int caseSize;
    private final OrganiserCalls organiser;
    private final ApiClient api = new ApiClient();
    private Fault.FaultAction begin = Fault.NOTHING;
    private Fault.FaultAction after = Fault.NOTHING;

    /**
     * @param stack may start later
     * @param groups takes the signers and what must be true of them
     * @param random determines when the instance dies
     * @param caseSize the number of signatures of a case
     */
    ScreeningFaults(FaultStack stack, SignerGroups groups, Random random, int caseSize) {
        this.stack = stack;
        this.groups = groups;
        this.random = random;
        this.caseSize = caseSize;
        this.organiser = new OrganiserCalls(service(), FaultStack.organiser());
    }

    List<Fault> all() {
        return List.of(
                fault("instance dies in the middle of a case", () -> prepareCase(false)),
                fault("instance dies in the middle of an undo", () -> prepareCase(true)),
                fault("instance dies while signing rules change", () -> begin = this::dieDuringRuleChange),
                fault("instance dies in the middle of a release", this::prepareRelease));
    }

    /** The preparation of a fault decides what happens when it begins, and that what happens afterwards. */
    private Fault fault(String name, Fault.FaultAction prepare) {
        return new Fault(
                name, () -> begin.run(), Fault.NOTHING, Fault.SigningEffect.UNCERTAIN, prepare, () -> after.run());
    }

    private Endpoint service() {
        return Endpoint.loopback(stack.ports().signatureService());
    }

    private void prepareCase(boolean undo) throws InterruptedException {
        String petition = stack.newestPetition();
        SignerGroup group = groups.add(new SignerGroup(petition, petition + ".cases.example", "IS", CallFate.SIGNED));
        groups.sign(group, caseSize, service());
        awaitMails(group, caseSize);
        int confirmed = Math.max(1, caseSize / CONFIRMED_SHARE);
        groups.confirm(group.members().subList(0, confirmed), service());
        awaitMails(group, caseSize + confirmed);

        if (undo) {
            String id = openCase(group, true);
            awaitCase(id, numbers -> numbers.path("state").asString().equals("done"));
            begin = () -> dieDuringCase(group, id, confirmed, true);
        } else {
            begin = () -> dieDuringCase(group, openCase(group, false), confirmed, false);
        }
    }

    private String openCase(SignerGroup group, boolean undo) throws InterruptedException {
        String id = organiser.openCase(group.petition(), group.domain());
        groups.expect(new CaseInvariant(id, group, undo, organiser));
        return id;
    }

    private void dieDuringCase(SignerGroup group, String id, int confirmed, boolean undo) throws InterruptedException {
        Map<String, Double> before = processed();
        if (undo) {
            organiser.undo(id);
        }
        String progress = undo ? "reinstated" : "invalidated";
        long from = caseSize * random.nextLong(20, 60) / 100;
        awaitCase(id, numbers -> numbers.path(progress).asLong() >= from / 2);
        String dying = busiest(before);
        long reached = awaitCase(id, numbers -> numbers.path(progress).asLong() >= from)
                .path(progress)
                .asLong();
        stack.kill(dying);
        if (reached >= caseSize) {
            groups.addWrong("the case had ended before the instance died");
        }
        after = () -> {
            awaitCase(id, numbers -> numbers.path("state").asString().equals(undo ? "undone" : "done"));
            tryLinks(group, confirmed, undo);
        };
    }

    /** A link of an invalidated signature confirms nothing. After the undo it does. */
    private void tryLinks(SignerGroup group, int confirmed, boolean undone) throws InterruptedException {
        List<GroupMember> pending = group.members().subList(confirmed, Math.min(confirmed + LINKS_TRIED, caseSize));
        if (undone) {
            groups.confirm(pending, service());
            return;
        }
        for (GroupMember member : pending) {
            int status = groups.confirmOnce(member, service()).status();
            if (status != HTTP_CONFLICT) {
                groups.addWrong("a link of an invalidated signature got the response " + status);
            }
        }
    }

    /** Returns the number of signatures that each instance has processed for cases. */
    private Map<String, Double> processed() {
        Map<String, Double> processed = new HashMap<>();
        for (String instance : stack.instances(SERVICE)) {
            processed.put(instance, processed(instance));
        }
        return processed;
    }

    private double processed(String instance) {
        return api.metrics(stack.management(instance)).sum("countersign_cases_signatures_total", "");
    }

    /** Returns the instance that works on the case, because it has processed the most signatures since. */
    private String busiest(Map<String, Double> before) {
        Map<String, Double> since = new HashMap<>();
        before.forEach((instance, earlier) -> since.put(instance, processed(instance) - earlier));
        return Collections.max(since.entrySet(), Map.Entry.comparingByValue()).getKey();
    }

    private void dieDuringRuleChange() throws InterruptedException {
        String petition = stack.newestPetition();
        String domain = petition + ".rules.example";
        SignerGroup during = groups.add(new SignerGroup(petition, domain, "NO", CallFate.EITHER));
        SignerGroup later = groups.add(new SignerGroup(petition, domain, "FI", CallFate.HELD));
        AtomicBoolean stopped = new AtomicBoolean();
        List<CompletableFuture<Void>> load = new ArrayList<>();
        for (int i = 0; i < LOAD_THREADS; i++) {
            load.add(CompletableFuture.runAsync(() -> signUntil(stopped, during), THREADS));
        }
        Thread.sleep(RULES_APPLY_MILLIS);

        String dying = anyInstance();
        Map<String, Object> rules = OrganiserCalls.rulesThatHold(domain);
        long changed = System.nanoTime();
        groups.expect(new HeldInvariant(during, later, changed, organiser));
        if (!killDuring(dying, () -> organiser.tryToChangeRules(stack.endpoint(dying), petition, rules))) {
            organiser.changeRules(petition, rules);
        }
        Thread.sleep(RULES_APPLY_MILLIS);
        for (String instance : stack.instances(SERVICE)) {
            if (!instance.equals(dying)) {
                groups.sign(later, CALLS_AFTER_CHANGE, stack.endpoint(instance));
            }
        }
        stopped.set(true);
        load.forEach(CompletableFuture::join);
        after = () -> {
            for (String instance : stack.instances(SERVICE)) {
                groups.sign(later, CALLS_AFTER_CHANGE, stack.endpoint(instance));
            }
        };
    }

    private void signUntil(AtomicBoolean stopped, SignerGroup group) {
        while (!stopped.get()) {
            groups.signOnce(group, service());
            try {
                Thread.sleep(LOAD_PAUSE_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void prepareRelease() throws InterruptedException {
        String petition = stack.newestPetition();
        String domain = petition + ".released.example";
        int size = Math.max(1, caseSize / RELEASED_SHARE);
        organiser.changeRules(petition, OrganiserCalls.rulesThatHold(domain));
        Thread.sleep(RULES_APPLY_MILLIS);
        SignerGroup group = groups.add(new SignerGroup(petition, domain, "SE", CallFate.HELD));
        groups.sign(group, size, service());
        groups.readMails();
        long held = organiser.heldCalls(petition);
        if (held != size || group.mails() > 0) {
            groups.addWrong("of " + size + " calls, " + held + " are held, and " + group.mails() + " got a mail");
        }
        begin = () -> dieDuringRelease(group, size);
    }

    private void dieDuringRelease(SignerGroup group, int size) throws InterruptedException {
        String petition = group.petition();
        String domain = group.domain();
        String dying = anyInstance();
        group.setFate(CallFate.SIGNED);
        groups.expect(new ReleaseInvariant(group, organiser));
        if (!killDuring(dying, () -> organiser.tryToRelease(stack.endpoint(dying), petition, domain))) {
            organiser.release(petition, domain);
        }
        after = () -> {
            awaitMails(group, size);
            groups.confirm(group.members(), service());
        };
    }

    private String anyInstance() {
        List<String> instances = stack.instances(SERVICE);
        return instances.get(random.nextInt(instances.size()));
    }

    /** Kills an instance soon after a call to it has begun. Returns whether the call was answered all the same. */
    private boolean killDuring(String instance, Supplier<Boolean> call) throws InterruptedException {
        CompletableFuture<Boolean> answered = CompletableFuture.supplyAsync(call, THREADS);
        Thread.sleep(random.nextInt(MAX_DELAY_MILLIS));
        stack.kill(instance);
        return answered.join();
    }

    /** A condition of a case. */
    private interface CaseCondition {

        boolean test(JsonNode numbers);
    }

    private JsonNode awaitCase(String id, CaseCondition condition) throws InterruptedException {
        long from = System.nanoTime();
        JsonNode numbers = organiser.readCase(id);
        while (!condition.test(numbers)) {
            requireTime(from, "the case " + id + " is " + numbers);
            Thread.sleep(POLL_INTERVAL_MILLIS);
            numbers = organiser.readCase(id);
        }
        return numbers;
    }

    private void awaitMails(SignerGroup group, int number) throws InterruptedException {
        long from = System.nanoTime();
        groups.readMails();
        while (group.mails() < number) {
            requireTime(from, group.mails() + " of " + number + " mails to " + group.domain() + " have come");
            Thread.sleep(POLL_INTERVAL_MILLIS);
            groups.readMails();
        }
    }

    private static void requireTime(long from, String state) {
        if (System.nanoTime() - from > TIMEOUT.toNanos()) {
            throw new UserException("After " + TIMEOUT.toMinutes() + " minutes, " + state + ".");
        }
    }
}
