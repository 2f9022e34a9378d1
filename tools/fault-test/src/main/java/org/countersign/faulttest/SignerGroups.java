package org.countersign.faulttest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.countersign.faulttest.SignerGroup.GroupMember;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.net.Endpoint;
import tools.jackson.databind.JsonNode;

/** The groups of signers that faults have added, their calls and their mails. */
final class SignerGroups implements AutoCloseable {

    private static final int MAX_CONCURRENT = 24;
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(8);
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final long RETRY_DELAY_MILLIS = 500;
    private static final int HTTP_ACCEPTED = 202;

    private final int mailbox;
    private final ApiClient api = new ApiClient();
    private final List<SignerGroup> groups = new CopyOnWriteArrayList<>();
    private final List<GroupInvariant> invariants = new CopyOnWriteArrayList<>();
    private final Queue<String> wrongResponses = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(MAX_CONCURRENT, task -> {
        Thread thread = new Thread(task, "group");
        thread.setDaemon(true);
        return thread;
    });
    private int lastMail = -1;

    /** @param mailbox the port of the mailbox's API */
    SignerGroups(int mailbox) {
        this.mailbox = mailbox;
    }

    /** Adds a group without any signers. */
    SignerGroup add(SignerGroup group) {
        groups.add(group);
        return group;
    }

    /** Adds an invariant that must hold from now on. */
    void expect(GroupInvariant invariant) {
        invariants.add(invariant);
    }

    /** Adds signers to a group. Returns when each has an answer. */
    void sign(SignerGroup group, int number, Endpoint at) throws InterruptedException {
        List<GroupMember> members = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            members.add(group.add());
        }
        forEach(members, member -> sign(group, member, at));
    }

    /** Adds one signer. Returns after the answer. */
    void signOnce(SignerGroup group, Endpoint at) {
        sign(group, group.add(), at);
    }

    private void sign(SignerGroup group, GroupMember member, Endpoint at) {
        PostAttempt attempt =
                untilAnswered(at, "/api/petitions/" + group.petition() + "/signatures", group.form(member), member);
        if (attempt.status() == HTTP_ACCEPTED) {
            member.setAnswered();
        } else {
            addWrong(member.address() + " signed and got the response " + attempt.status() + " " + attempt.body());
        }
    }

    private PostAttempt untilAnswered(Endpoint at, String path, String body, GroupMember member) {
        long from = System.nanoTime();
        while (true) {
            member.countRequest();
            PostAttempt attempt = PostAttempt.post(at, path, body, REQUEST_TIMEOUT);
            if (!attempt.isRetryable() || System.nanoTime() - from > TIMEOUT.toNanos()) {
                return attempt;
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_DELAY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("Stopped.");
        }
    }

    /** Opens the newest link of each signer. All must have a mail. */
    void confirm(List<GroupMember> members, Endpoint at) throws InterruptedException {
        forEach(members, member -> {
            PostAttempt attempt = confirmOnce(member, at);
            long from = System.nanoTime();
            while (attempt.isRetryable() && System.nanoTime() - from < TIMEOUT.toNanos()) {
                pause();
                attempt = confirmOnce(member, at);
            }
            if (attempt.isSuccessful()) {
                member.setConfirmed();
            } else {
                addWrong(member.address() + " confirmed and got the response " + attempt.status() + " "
                        + attempt.body());
            }
        });
    }

    /** Opens the newest link of a signer. */
    PostAttempt confirmOnce(GroupMember member, Endpoint at) {
        String token = member.confirmToken()
                .orElseThrow(() -> new UserException(member.address() + " has no mail with a link."));
        return PostAttempt.post(at, "/api/signatures/verify", "{\"token\":\"" + token + "\"}", REQUEST_TIMEOUT);
    }

    private void forEach(List<GroupMember> members, Consumer<GroupMember> action) throws InterruptedException {
        List<Callable<Boolean>> calls = new ArrayList<>();
        members.forEach(member -> calls.add(() -> {
            action.accept(member);
            return true;
        }));
        for (Future<Boolean> done : threads.invokeAll(calls)) {
            try {
                done.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a signer of a group failed", e.getCause());
            }
        }
    }

    /** Reads the new mails. */
    synchronized void readMails() {
        if (groups.isEmpty()) {
            return;
        }
        JsonNode mails;
        do {
            mails = ApiClient.require(
                            200, api.get(mailbox, "/api/messages?html=false&after=" + lastMail, Optional.empty()))
                    .json();
            for (JsonNode mail : mails) {
                lastMail = mail.path("id").asInt();
                String address = mail.path("to").asString().toLowerCase(Locale.ROOT);
                for (SignerGroup group : groups) {
                    if (group.addMail(address, mail)) {
                        break;
                    }
                }
            }
        } while (!mails.isEmpty());
    }

    /**
     * Stores the numbers of mails to the groups.
     *
     * @param different takes the number of different mails of each group
     * @param all takes the number of mails including duplicates with the same id
     */
    void countMails(Map<String, Integer> different, Map<String, Integer> all) {
        for (SignerGroup group : groups) {
            String key = group.country() + "@" + group.domain();
            different.put(key, group.mails());
            all.put(key, group.mailsWithDuplicates());
        }
    }

    /** Returns the number of signatures that the log must have of all groups. */
    int signatures() {
        return groups.stream().mapToInt(SignerGroup::signatures).sum();
    }

    /** Returns the number of cases that organisers have opened. */
    int cases() {
        return (int) invariants.stream().filter(CaseInvariant.class::isInstance).count();
    }

    /** Returns the violations of the groups and invariants of some petitions, which may still be temporary. */
    List<String> check(Collection<String> petitions, GroupInvariant.Observed observed) {
        List<String> violations = new ArrayList<>();
        groups.stream()
                .filter(group -> petitions.contains(group.petition()))
                .forEach(group -> violations.addAll(group.violations(
                        observed.model().signaturesOf(group.petition()).values())));
        invariants.stream()
                .filter(invariant -> petitions.contains(invariant.petition()))
                .forEach(invariant -> violations.addAll(invariant.violations(observed)));
        return violations;
    }

    /** Records something that is wrong for good. */
    void addWrong(String what) {
        wrongResponses.add(what);
    }

    /** Removes and returns what is wrong for good. */
    List<String> wrongResponses() {
        List<String> found = new ArrayList<>();
        for (String wrong = wrongResponses.poll(); wrong != null; wrong = wrongResponses.poll()) {
            found.add(wrong);
        }
        return found;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
