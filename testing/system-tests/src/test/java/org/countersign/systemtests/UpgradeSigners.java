package org.countersign.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.countersign.loadtest.HttpLoad;
import org.countersign.localstack.client.Ports;

/**
 * People who sign at a steady rate, read their mail and confirm, and others who read the petition and its counts.
 *
 * <p>Each call without the expected answer is a failed call, also if the connection ends. Only a 503 is none: a service
 * refuses calls while the machine is overloaded, and people try again.
 */
final class UpgradeSigners {

    private static final int OVERLOADED = 503;
    private static final int CONNECTIONS = 32;
    private static final long REPETITION_NANOS = 50_000_000L;
    private static final long MAIL_POLL_MILLIS = 200;
    /** Signers whose mail is not there yet. The mailbox is not asked for all of them each time. */
    private static final int LOOKS_IN_VAIN = 20;

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);

    private final Ports ports;
    private final String petition;
    private final Queue<String> failed = new ConcurrentLinkedQueue<>();
    private final Queue<String> accepted = new ConcurrentLinkedQueue<>();
    private final Queue<String> withoutMail = new ConcurrentLinkedQueue<>();
    private final Queue<String> tokens = new ConcurrentLinkedQueue<>();
    private final Queue<Call> repeated = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger confirmed = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean arriving = true;
    private volatile boolean ended;

    UpgradeSigners(Ports ports, String petition, int signersPerSecond, int readersPerSecond) {
        this.ports = ports;
        this.petition = petition;
        run("signers", () -> load(ports.signatureService(), new Signing(signersPerSecond)));
        run("readers of mail", this::readMails);
        String path = "/api/petitions/" + petition;
        run("readers", () -> load(ports.signatureService(), new Reading(path, readersPerSecond)));
        run(
                "readers of counts",
                () -> load(ports.counterProjection(), new Reading(path + "/counts", readersPerSecond)));
    }

    private void run(String name, Runnable task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        failed.add(name + " ended early: " + e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    private static void load(int port, HttpLoad.RequestSource source) {
        try (HttpLoad load = new HttpLoad(port, CONNECTIONS)) {
            load.run(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Looks for the mails of those who wait for one, in the order of their signing. */
    private void readMails() {
        MailboxReader mailbox = new MailboxReader(ports.mailbox());
        try {
            while (!ended) {
                int inVain = 0;
                for (var waiting = withoutMail.iterator(); waiting.hasNext() && inVain < LOOKS_IN_VAIN; ) {
                    List<MailboxReader.Mail> mails = mailbox.to(waiting.next());
                    if (mails.isEmpty()) {
                        inVain++;
                    } else {
                        tokens.add(mails.get(0).token("confirm"));
                        waiting.remove();
                    }
                }
                Thread.sleep(MAIL_POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets nobody else sign. Returns when everybody who has signed got a mail and confirmed, or at a failed call. */
    void finish(Duration timeout) throws InterruptedException {
        arriving = false;
        Awaitility.await("mails and confirmations of all signers")
                .atMost(timeout)
                .until(() -> !failed.isEmpty()
                        || confirmed.get() == accepted.size() && withoutMail.isEmpty() && repeated.isEmpty());
        stop();
    }

    /** Ends all calls. */
    void stop() throws InterruptedException {
        arriving = false;
        ended = true;
        for (Thread thread : threads) {
            thread.join(ANSWER_TIMEOUT.toMillis());
            if (thread.isAlive()) {
                failed.add(thread.getName() + " still wait for an answer");
            }
        }
    }

    /** The calls without the expected answer, each with its answer. */
    List<String> failed() {
        return List.copyOf(failed);
    }

    /** The number of calls that were refused with 503. */
    int refused() {
        return refused.get();
    }

    int calls() {
        return calls.get();
    }

    /** The addresses of those whose sign call was answered 202. */
    List<String> accepted() {
        return List.copyOf(accepted);
    }

    int confirmed() {
        return confirmed.get();
    }

    /**
     * A call.
     *
     * @param changes whether it changes something, so that it has to be repeated after a refusal
     * @param then what follows from the expected answer
     * @param disconnected what follows if the connection ends before an answer; without it, that is a failure
     */
    private record Call(
            String name,
            byte[] request,
            int expected,
            boolean changes,
            Runnable then,
            Optional<Runnable> disconnected) {

        private Call(String name, byte[] request, int expected, boolean changes, Runnable then) {
            this(name, request, expected, changes, then, Optional.empty());
        }
    }

    private HttpLoad.TimedRequest send(Call call, long due) {
        calls.incrementAndGet();
        return new HttpLoad.TimedRequest(call.request, due) {
            @Override
            protected void completed(int status, String body, long nanos) {
                if (status == call.expected) {
                    call.then.run();
                } else if (status == 0 && call.disconnected.isPresent()) {
                    call.disconnected.get().run();
                } else if (status == OVERLOADED) {
                    refused.incrementAndGet();
                    if (call.changes) {
                        repeated.add(call);
                    }
                } else {
                    failed.add("%tT %s: %d after %d ms %s"
                            .formatted(System.currentTimeMillis(), call.name, status, nanos / 1_000_000, body));
                }
            }
        };
    }

    /** Sign calls when they are due, and the confirmations of those whose mail has arrived. */
    private final class Signing implements HttpLoad.RequestSource {

        private final long intervalNanos;
        private long due = System.nanoTime();
        private long nextRepetition;
        private int signers;

        private Signing(int perSecond) {
            this.intervalNanos = 1_000_000_000L / perSecond;
        }

        @Override
        public Optional<HttpLoad.TimedRequest> next(long now) {
            if (now > nextRepetition && !repeated.isEmpty()) {
                nextRepetition = now + REPETITION_NANOS;
                return Optional.ofNullable(repeated.poll()).map(call -> send(call, now));
            }
            String token = tokens.poll();
            if (token != null) {
                byte[] request = HttpLoad.post("/api/signatures/verify", "{\"token\":\"" + token + "\"}");
                return Optional.of(send(new Call("confirm", request, 200, true, confirmed::incrementAndGet), now));
            }
            if (!arriving || due > now) {
                return Optional.empty();
            }
            due += intervalNanos;
            String address = "signer-" + ++signers + "@upgrade.example";
            byte[] request = HttpLoad.post(
                    "/api/petitions/" + petition + "/signatures",
                    "{\"name\":\"Uma Upgrade\",\"email\":\"" + address + "\",\"country\":\"AM\"}");
            Call sign = new Call("sign", request, 202, true, () -> {
                withoutMail.add(address);
                accepted.add(address);
            });
            return Optional.of(send(sign, now));
        }

        @Override
        public boolean finished() {
            return ended;
        }
    }

    private final class Reading implements HttpLoad.RequestSource {

        private final String path;
        private final long intervalNanos;
        private long due = System.nanoTime();
        private int disconnected;

        private Reading(String path, int perSecond) {
            this.path = path;
            this.intervalNanos = 1_000_000_000L / perSecond;
        }

        @Override
        public Optional<HttpLoad.TimedRequest> next(long now) {
            byte[] request = HttpLoad.get(path);
            if (disconnected > 0) {
                disconnected--;
                return Optional.of(send(new Call(path, request, 200, false, () -> {}), now));
            }
            if (!arriving || due > now) {
                return Optional.empty();
            }
            due += intervalNanos;
            // A server may close an idle connection while a request is on its way. Browsers send a safe request again
            // then, once (RFC 9110, section 9.2.2).
            return Optional.of(
                    send(new Call(path, request, 200, false, () -> {}, Optional.of(() -> disconnected++)), now));
        }

        @Override
        public boolean finished() {
            return ended;
        }
    }
}
