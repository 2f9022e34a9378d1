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
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.countersign.faulttest.SimulatedSigner.ConfirmationMail;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Simulated signers that continuously sign, repeat, confirm and withdraw.
 *
 * <p>Each signer repeats a request until it succeeds. So the last response of each signer is known, and the required
 * content of the log follows from it.
 */
final class SignerPopulation implements AutoCloseable {

    private static final int MAX_CONCURRENT = 32;
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(8);
    private static final int HTTP_CONFLICT = 409;
    private static final int HTTP_GONE = 410;
    private static final int MAIL_POLL_INTERVAL_MILLIS = 300;
    private static final int RETRY_DELAY_MILLIS = 1000;
    private static final int POLLS_BEFORE_REPEAT = 60;
    private static final int MAX_POLLS = 150;
    private static final int STEP_DELAY_MILLIS = 150;
    private static final Pattern CONFIRM_LINK = Pattern.compile("/confirm\\?token=([\\w-]+)");
    private static final Pattern WITHDRAW_LINK = Pattern.compile("/withdraw\\?token=([\\w-]+)");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final int signatureService;
    private final int mailboxPort;
    private final Random random;
    private final Predicate<String> lossy;
    private final ApiClient mailbox = new ApiClient();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(MAX_CONCURRENT, task -> {
        Thread thread = new Thread(task, "signer");
        thread.setDaemon(true);
        return thread;
    });
    private final List<SimulatedSigner> all = new ArrayList<>();
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicLong retriedRequests = new AtomicLong();
    private final AtomicLong lastAccepted = new AtomicLong(System.nanoTime());
    private final AtomicLong longestGap = new AtomicLong();
    private final Queue<String> wrongResponses = new ConcurrentLinkedQueue<>();
    private volatile List<String> petitions = List.of();

    /**
     * Creates an empty population. No signers arrive before {@link #startArrivals}.
     *
     * @param signatureService the port through which the signers reach the signature service
     * @param mailboxPort the port of the mailbox's API
     * @param random determines the steps of each signer
     * @param rate the number of new signers per second
     * @param lossy whether the mails to signers of a petition may have been lost
     */
    SignerPopulation(int signatureService, int mailboxPort, Random random, double rate, Predicate<String> lossy) {
        this.lossy = lossy;
        this.signatureService = signatureService;
        this.mailboxPort = mailboxPort;
        this.random = random;
        threads.scheduleAtFixedRate(this::addSigner, 0, (long) (1e9 / rate), TimeUnit.NANOSECONDS);
    }

    /** Starts the arrival of signers. Each one signs one of these petitions. Also resets the statistics. */
    void startArrivals(List<String> toSign) {
        lastAccepted.set(System.nanoTime());
        longestGap.set(0);
        retriedRequests.set(0);
        petitions = toSign;
    }

    /** Stops the arrival of signers. The existing ones continue until they have finished. */
    void stopArrivals() {
        petitions = List.of();
    }

    private void addSigner() {
        List<String> toSign = petitions;
        if (!toSign.isEmpty()) {
            schedule(newSigner(toSign.get(random.nextInt(toSign.size()))), 0);
        }
    }

    private SimulatedSigner newSigner(String petition) {
        busy.incrementAndGet();
        synchronized (all) {
            SimulatedSigner signer = new SimulatedSigner(petition, all.size(), random);
            all.add(signer);
            return signer;
        }
    }

    /**
     * Adds one signer immediately and returns the outcome of its sign request. The signer continues like all others.
     */
    PostAttempt signOnce(String petition) {
        SimulatedSigner signer = newSigner(petition);
        PostAttempt attempt = sign(signer);
        if (signer.isDone()) {
            busy.decrementAndGet();
        } else {
            schedule(signer, STEP_DELAY_MILLIS);
        }
        return attempt;
    }

    /** Returns all signers so far. */
    List<SimulatedSigner> all() {
        synchronized (all) {
            return List.copyOf(all);
        }
    }

    /** Returns the number of signers that have not finished. */
    int busy() {
        return busy.get();
    }

    /** Returns the number of failed requests since the last start of arrivals. */
    long retriedRequests() {
        return retriedRequests.get();
    }

    /** Returns the longest time without an accepted sign request since the last start of arrivals. */
    Duration longestGap() {
        return Duration.ofNanos(Math.max(longestGap.get(), System.nanoTime() - lastAccepted.get()));
    }

    /** Removes and returns the descriptions of unexpected and inconsistent responses. */
    List<String> wrongResponses() {
        List<String> found = new ArrayList<>();
        for (String wrong = wrongResponses.poll(); wrong != null; wrong = wrongResponses.poll()) {
            found.add(wrong);
        }
        return found;
    }

    private void schedule(SimulatedSigner signer, int millis) {
        threads.schedule(
                () -> {
                    try {
                        int pause = runStep(signer);
                        if (signer.isDone()) {
                            busy.decrementAndGet();
                        } else {
                            schedule(signer, pause);
                        }
                    } catch (RuntimeException e) {
                        wrongResponses.add(signer.step() + " failed: " + e);
                        schedule(signer, RETRY_DELAY_MILLIS);
                    }
                },
                millis,
                TimeUnit.MILLISECONDS);
    }

    /** Runs one step of a signer and returns the delay before the next one in milliseconds. */
    private int runStep(SimulatedSigner signer) {
        return switch (signer.step()) {
            case SIGN, SIGN_AFTER_WITHDRAWAL, SIGN_IN_OTHER_SPELLING ->
                sign(signer).status() == 202 ? STEP_DELAY_MILLIS : RETRY_DELAY_MILLIS;
            case CONFIRM -> confirm(signer);
            case CONFIRM_AGAIN -> repeat(signer, "verify", signer.mail().confirmToken());
            case WITHDRAW -> withdraw(signer);
            case WITHDRAW_AGAIN -> repeat(signer, "withdraw", signer.mail().withdrawToken());
        };
    }

    private PostAttempt sign(SimulatedSigner signer) {
        signer.countSignRequest();
        PostAttempt attempt = post("/api/petitions/" + signer.petition() + "/signatures", signer.form());
        if (attempt.status() == 202) {
            long now = System.nanoTime();
            long gap = now - lastAccepted.getAndSet(now);
            longestGap.accumulateAndGet(gap, Math::max);
            signer.signed();
        } else {
            failed(signer, attempt);
        }
        return attempt;
    }

    private int confirm(SimulatedSigner signer) {
        if (!signer.selectMail(confirmationMails(signer.address()))) {
            return lossy.test(signer.petition()) ? waitForLostMail(signer) : MAIL_POLL_INTERVAL_MILLIS;
        }
        PostAttempt attempt = postToken("verify", signer.mail().confirmToken());
        signer.setAnswered(!attempt.isRetryable());
        if (attempt.status() == 200) {
            signer.markTried();
            signer.setLastResponse(attempt.body());
            signer.confirmed(JSON.readTree(attempt.body()).path("signatureId").asString());
            return STEP_DELAY_MILLIS;
        }
        boolean outdated = attempt.status() == HTTP_GONE || attempt.status() == HTTP_CONFLICT;
        if (outdated && signer.withdrawals() > 0) {
            // A mail from before the withdrawal.
            signer.markTried();
            return 0;
        }
        return failed(signer, attempt);
    }

    /** Signs again if no mail comes, because it was lost with the signer's data. Gives up in the end. */
    private int waitForLostMail(SimulatedSigner signer) {
        int polls = signer.countPoll();
        if (polls == POLLS_BEFORE_REPEAT) {
            signer.countSignRequest();
            post("/api/petitions/" + signer.petition() + "/signatures", signer.form());
        } else if (polls > MAX_POLLS) {
            signer.giveUp();
        }
        return MAIL_POLL_INTERVAL_MILLIS;
    }

    private int withdraw(SimulatedSigner signer) {
        PostAttempt attempt = postToken("withdraw", signer.mail().withdrawToken());
        if (attempt.status() == 200) {
            signer.setLastResponse(attempt.body());
            signer.withdrawn();
            return STEP_DELAY_MILLIS;
        }
        return failed(signer, attempt);
    }

    /** Repeats a completed request, which must get the same response as the first. */
    private int repeat(SimulatedSigner signer, String action, String token) {
        PostAttempt attempt = postToken(action, token);
        if (attempt.isSuccessful()) {
            if (!attempt.body().equals(signer.lastResponse())) {
                wrongResponses.add(signer.step() + " got a different response than the first time");
            }
            signer.next();
            return STEP_DELAY_MILLIS;
        }
        return failed(signer, attempt);
    }

    private int failed(SimulatedSigner signer, PostAttempt attempt) {
        retriedRequests.incrementAndGet();
        if (!attempt.isRetryable()) {
            wrongResponses.add(signer.step() + " got the response " + attempt.status() + " " + attempt.body());
        }
        return RETRY_DELAY_MILLIS;
    }

    private PostAttempt postToken(String action, String token) {
        return post("/api/signatures/" + action, "{\"token\":\"" + token + "\"}");
    }

    private PostAttempt post(String path, String json) {
        return PostAttempt.post(signatureService, path, json, REQUEST_TIMEOUT);
    }

    /** Returns all mails to an address. */
    JsonNode mails(String address) {
        try {
            return mailbox.get(
                            mailboxPort,
                            "/api/messages?to=" + URLEncoder.encode(address, StandardCharsets.UTF_8),
                            Optional.empty())
                    .json();
        } catch (UserException unreachable) {
            throw new IllegalStateException("the mailbox does not respond", unreachable);
        }
    }

    private List<ConfirmationMail> confirmationMails(String address) {
        List<ConfirmationMail> confirmationMails = new ArrayList<>();
        for (JsonNode mail : mails(address)) {
            Matcher confirm = CONFIRM_LINK.matcher(mail.path("text").asString());
            Matcher withdraw = WITHDRAW_LINK.matcher(mail.path("text").asString());
            if (confirm.find() && withdraw.find()) {
                confirmationMails.add(new ConfirmationMail(confirm.group(1), withdraw.group(1)));
            }
        }
        return confirmationMails;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
