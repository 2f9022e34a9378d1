package org.countersign.loadtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Polls the mailbox for confirmation mails. Mails with the longest wait come first. */
final class MailboxPoller {

    /** A mail that a signer expects, with the tokens of its links after its arrival. */
    static final class ExpectedMail {

        private final String address;
        private final boolean confirms;
        private final boolean withdraws;
        private String confirmToken = "";
        private final Instant acceptedAt = Instant.now();
        private String withdrawToken = "";
        private Duration latency = Duration.ZERO;

        /** Creates the expectation when the service has accepted the signature. */
        ExpectedMail(String address, boolean confirms, boolean withdraws) {
            this.address = address;
            this.confirms = confirms;
            this.withdraws = withdraws;
        }

        boolean confirms() {
            return confirms;
        }

        boolean withdraws() {
            return withdraws;
        }

        /** Returns the token of the confirmation link. */
        String confirmToken() {
            return confirmToken;
        }

        /** Returns the token of the withdrawal link. */
        String withdrawToken() {
            return withdrawToken;
        }

        /** Returns the time from the acceptance until the mail server took the mail. */
        Duration latency() {
            return latency;
        }

        private void read(String content) {
            Matcher received = RECEIVED.matcher(content);
            if (!received.find()) {
                throw new IllegalStateException("a mail has no time of arrival");
            }
            // The two clocks are one, but the mail server may be faster than the load generator reads the response.
            Duration measured = Duration.between(acceptedAt, Instant.parse(received.group(1)));
            latency = measured.isNegative() ? Duration.ZERO : measured;
            confirmToken = token(CONFIRM_LINK, content);
            withdrawToken = token(WITHDRAW_LINK, content);
        }

        private static String token(Pattern link, String content) {
            Matcher found = link.matcher(content);
            if (!found.find()) {
                throw new IllegalStateException("a confirmation mail has no link " + link);
            }
            return found.group(1);
        }
    }

    private static final Pattern CONFIRM_LINK = Pattern.compile("/confirm\\?token=([\\w-]+)");
    private static final Pattern WITHDRAW_LINK = Pattern.compile("/withdraw\\?token=([\\w-]+)");
    private static final Pattern RECEIVED = Pattern.compile("\"receivedAt\":\"([^\"]+)\"");
    private static final int CONNECTIONS = 8;
    private static final long POLL_INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);
    /** Maximum time without any mail. */
    private static final long TIMEOUT = TimeUnit.MINUTES.toNanos(5);

    private final int port;
    private final Consumer<ExpectedMail> arrived;
    private final ConcurrentLinkedQueue<ExpectedMail> expected = new ConcurrentLinkedQueue<>();
    private final AtomicInteger outstanding = new AtomicInteger();
    private final Thread thread = new Thread(this::poll, "mailbox-poller");
    private volatile long lastMail = System.nanoTime();
    private volatile boolean stopped;

    MailboxPoller(int port, Consumer<ExpectedMail> arrived) {
        this.port = port;
        this.arrived = arrived;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void expect(ExpectedMail mail) {
        if (outstanding.getAndIncrement() == 0) {
            lastMail = System.nanoTime();
        }
        expected.add(mail);
    }

    /** Returns the number of mails that have not arrived. */
    int outstanding() {
        return outstanding.get();
    }

    /** Returns whether mails are outstanding and none has arrived within the timeout. */
    boolean hasTimedOut() {
        return outstanding.get() > 0 && System.nanoTime() - lastMail > TIMEOUT;
    }

    void stop() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw Burst.interrupted();
        }
    }

    private void poll() {
        try (HttpLoad mailbox = new HttpLoad(port, CONNECTIONS)) {
            mailbox.run(new PollSource());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class PollSource implements HttpLoad.RequestSource {

        private final Deque<MailboxPoll> repeated = new ArrayDeque<>();

        @Override
        public Optional<HttpLoad.TimedRequest> next(long now) {
            // Otherwise a request might be under way at every moment, and the load would never end.
            if (stopped) {
                return Optional.empty();
            }
            MailboxPoll oldest = repeated.peek();
            if (oldest != null && oldest.when <= now) {
                return Optional.ofNullable(repeated.poll());
            }
            if (repeated.size() >= CONNECTIONS) {
                return Optional.empty();
            }
            return Optional.ofNullable(expected.poll()).map(mail -> new MailboxPoll(mail, now));
        }

        @Override
        public boolean finished() {
            return stopped;
        }

        private final class MailboxPoll extends HttpLoad.TimedRequest {

            private final ExpectedMail mail;
            private final long when;

            private MailboxPoll(ExpectedMail mail, long when) {
                super(
                        HttpLoad.get("/api/messages?html=false&to="
                                + URLEncoder.encode(mail.address, StandardCharsets.UTF_8)),
                        when);
                this.mail = mail;
                this.when = when;
            }

            @Override
            protected void completed(int status, String body, long nanos) {
                if (status != 200 || !body.contains("?token=")) {
                    repeated.add(new MailboxPoll(mail, System.nanoTime() + POLL_INTERVAL));
                    return;
                }
                mail.read(body);
                lastMail = System.nanoTime();
                outstanding.decrementAndGet();
                arrived.accept(mail);
            }
        }
    }
}
