package org.countersign.faulttest;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.countersign.faulttest.SimulatedSigner.Letter;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * People who sign, sign again, confirm and withdraw, all the time. Whoever is not answered, or told to come back, does
 * so until it is done: so what was answered is known of each, and what must be in the log follows from it.
 */
final class SignerPopulation implements AutoCloseable {

    private static final int AT_A_TIME = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final int GONE = 410;
    private static final int LOOK_AGAIN_MILLIS = 300;
    private static final int AGAIN_MILLIS = 1000;
    private static final int THINKING_MILLIS = 150;
    private static final Pattern CONFIRM = Pattern.compile("/confirm\\?token=([\\w-]+)");
    private static final Pattern WITHDRAW = Pattern.compile("/withdraw\\?token=([\\w-]+)");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final int signatureService;
    private final int mailboxPort;
    private final Random random;
    private final ApiClient mailbox = new ApiClient();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(AT_A_TIME, task -> {
        Thread thread = new Thread(task, "people");
        thread.setDaemon(true);
        return thread;
    });
    private final List<SimulatedSigner> all = new ArrayList<>();
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicLong notDone = new AtomicLong();
    private final AtomicLong lastAccepted = new AtomicLong(System.nanoTime());
    private final AtomicLong longestGap = new AtomicLong();
    private final Queue<String> wrongAnswers = new ConcurrentLinkedQueue<>();
    private volatile List<String> petitions = List.of();

    /**
     * @param signatureService the port at which they reach it
     * @param mailboxPort the port of the mailbox's API
     * @param rate how many people come in a second
     */
    SignerPopulation(int signatureService, int mailboxPort, Random random, double rate) {
        this.signatureService = signatureService;
        this.mailboxPort = mailboxPort;
        this.random = random;
        threads.scheduleAtFixedRate(this::come, 0, (long) (1e9 / rate), TimeUnit.NANOSECONDS);
    }

    /** Lets people come, who sign one of these petitions each. */
    void letIn(List<String> toSign) {
        lastAccepted.set(System.nanoTime());
        longestGap.set(0);
        notDone.set(0);
        petitions = toSign;
    }

    /** Lets no more people come; those who are there go on until they are done. */
    void letNobodyIn() {
        petitions = List.of();
    }

    private void come() {
        List<String> toSign = petitions;
        if (!toSign.isEmpty()) {
            goOn(newPerson(toSign.get(random.nextInt(toSign.size()))), 0);
        }
    }

    private SimulatedSigner newPerson(String petition) {
        busy.incrementAndGet();
        synchronized (all) {
            SimulatedSigner person = new SimulatedSigner(petition, all.size(), random);
            all.add(person);
            return person;
        }
    }

    /** One person more comes at once and signs; how the call was answered. They go on like all the others. */
    PostAttempt oneMore(String petition) {
        SimulatedSigner person = newPerson(petition);
        PostAttempt call = sign(person);
        if (person.isDone()) {
            busy.decrementAndGet();
        } else {
            goOn(person, THINKING_MILLIS);
        }
        return call;
    }

    /** Everybody who has come so far. */
    List<SimulatedSigner> everybody() {
        synchronized (all) {
            return List.copyOf(all);
        }
    }

    /** How many are not done. */
    int busy() {
        return busy.get();
    }

    /** How many calls were not answered, or with a 503, since people were last let in. */
    long notDone() {
        return notDone.get();
    }

    /**
     * The longest time without a sign call that was accepted, since people were last let in: to be asked while they
     * still come.
     */
    Duration longestGap() {
        return Duration.ofNanos(Math.max(longestGap.get(), System.nanoTime() - lastAccepted.get()));
    }

    /** Answers that nobody should get, and what different answers the same question got; they are told once. */
    List<String> wrongAnswers() {
        List<String> found = new ArrayList<>();
        for (String wrong = wrongAnswers.poll(); wrong != null; wrong = wrongAnswers.poll()) {
            found.add(wrong);
        }
        return found;
    }

    private void goOn(SimulatedSigner person, int millis) {
        threads.schedule(
                () -> {
                    try {
                        int pause = act(person);
                        if (person.isDone()) {
                            busy.decrementAndGet();
                        } else {
                            goOn(person, pause);
                        }
                    } catch (RuntimeException e) {
                        wrongAnswers.add(person.step() + " failed: " + e);
                        goOn(person, AGAIN_MILLIS);
                    }
                },
                millis,
                TimeUnit.MILLISECONDS);
    }

    /** One step of a person; answers after how many milliseconds the next is to follow. */
    private int act(SimulatedSigner person) {
        return switch (person.step()) {
            case SIGN, SIGN_ANEW, SIGN_IN_OTHER_LETTERS ->
                sign(person).status() == 202 ? THINKING_MILLIS : AGAIN_MILLIS;
            case CONFIRM -> confirm(person);
            case CONFIRM_AGAIN -> again(person, "verify", person.letter().confirmToken());
            case WITHDRAW -> withdraw(person);
            case WITHDRAW_AGAIN -> again(person, "withdraw", person.letter().withdrawToken());
        };
    }

    private PostAttempt sign(SimulatedSigner person) {
        person.asksToSign();
        PostAttempt call = post("/api/petitions/" + person.petition() + "/signatures", person.form());
        if (call.status() == 202) {
            long now = System.nanoTime();
            long gap = now - lastAccepted.getAndSet(now);
            longestGap.accumulateAndGet(gap, Math::max);
            person.signed();
        } else {
            refused(person, call);
        }
        return call;
    }

    private int confirm(SimulatedSigner person) {
        if (!person.takes(letters(person.address()))) {
            return LOOK_AGAIN_MILLIS;
        }
        PostAttempt call = token("verify", person.letter().confirmToken());
        if (call.status() == 200) {
            person.putsAway();
            person.remember(call.body());
            person.confirmed(JSON.readTree(call.body()).path("signatureId").asString());
            return THINKING_MILLIS;
        }
        if (call.status() == GONE && person.withdrawals() > 0) {
            // A letter of the first signature, on its way for long.
            person.putsAway();
            return 0;
        }
        return refused(person, call);
    }

    private int withdraw(SimulatedSigner person) {
        PostAttempt call = token("withdraw", person.letter().withdrawToken());
        if (call.status() == 200) {
            person.remember(call.body());
            person.withdrew();
            return THINKING_MILLIS;
        }
        return refused(person, call);
    }

    /** Does once more what is done, and must get the answer that was given. */
    private int again(SimulatedSigner person, String what, String token) {
        PostAttempt call = token(what, token);
        if (call.isDone()) {
            if (!call.body().equals(person.lastAnswer())) {
                wrongAnswers.add(person.step() + " was answered otherwise than the first time");
            }
            person.next();
            return THINKING_MILLIS;
        }
        return refused(person, call);
    }

    private int refused(SimulatedSigner person, PostAttempt call) {
        notDone.incrementAndGet();
        if (!call.isToBeRepeated()) {
            wrongAnswers.add(person.step() + " was answered " + call.status() + " " + call.body());
        }
        return AGAIN_MILLIS;
    }

    private PostAttempt token(String what, String token) {
        return post("/api/signatures/" + what, "{\"token\":\"" + token + "\"}");
    }

    private PostAttempt post(String path, String json) {
        return PostAttempt.post(signatureService, path, json, PATIENCE);
    }

    /** All mails to an address. */
    JsonNode mails(String address) {
        try {
            return mailbox.get(
                            mailboxPort,
                            "/api/messages?to=" + URLEncoder.encode(address, StandardCharsets.UTF_8),
                            Optional.empty())
                    .json();
        } catch (UserException away) {
            throw new IllegalStateException("the mailbox does not answer", away);
        }
    }

    private List<Letter> letters(String address) {
        List<Letter> letters = new ArrayList<>();
        for (JsonNode mail : mails(address)) {
            Matcher confirm = CONFIRM.matcher(mail.path("text").asString());
            Matcher withdraw = WITHDRAW.matcher(mail.path("text").asString());
            if (confirm.find() && withdraw.find()) {
                letters.add(new Letter(confirm.group(1), withdraw.group(1)));
            }
        }
        return letters;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
