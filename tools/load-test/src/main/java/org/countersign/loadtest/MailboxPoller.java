package org.countersign.loadtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** People who look into their mailbox until the confirmation mail is there. The longest waiting look first. */
final class MailboxPoller {

    /** A mail somebody waits for, and then what it says. */
    static final class Letter {

        private final String address;
        private final boolean confirms;
        private final boolean withdraws;
        private String confirmToken;
        private String withdrawToken;

        Letter(String address, boolean confirms, boolean withdraws) {
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

        /** What the mail's link to confirm holds. */
        String confirmToken() {
            return confirmToken;
        }

        /** What the mail's link to withdraw holds. */
        String withdrawToken() {
            return withdrawToken;
        }

        private void open(String mail) {
            confirmToken = token(CONFIRM, mail);
            withdrawToken = token(WITHDRAW, mail);
        }

        private static String token(Pattern link, String mail) {
            Matcher found = link.matcher(mail);
            if (!found.find()) {
                throw new IllegalStateException("a confirmation mail has no link " + link);
            }
            return found.group(1);
        }
    }

    private static final Pattern CONFIRM = Pattern.compile("/confirm\\?token=([\\w-]+)");
    private static final Pattern WITHDRAW = Pattern.compile("/withdraw\\?token=([\\w-]+)");
    private static final int READERS = 8;
    private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(100);
    /** After so long without any mail it is clear that none will come. */
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(5);

    private final int port;
    private final Consumer<Letter> read;
    private final ConcurrentLinkedQueue<Letter> expected = new ConcurrentLinkedQueue<>();
    private final AtomicInteger outstanding = new AtomicInteger();
    private final Thread thread = new Thread(this::look, "mail-readers");
    private volatile long lastMail = System.nanoTime();
    private volatile boolean stopped;

    MailboxPoller(int port, Consumer<Letter> read) {
        this.port = port;
        this.read = read;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void expect(Letter letter) {
        if (outstanding.getAndIncrement() == 0) {
            lastMail = System.nanoTime();
        }
        expected.add(letter);
    }

    /** How many mails are waited for. */
    int outstanding() {
        return outstanding.get();
    }

    boolean hasGivenUp() {
        return outstanding.get() > 0 && System.nanoTime() - lastMail > PATIENCE;
    }

    void stop() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Burst.interrupted();
        }
    }

    private void look() {
        try (HttpLoad mailbox = new HttpLoad(port, READERS)) {
            mailbox.run(new Readers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Readers implements HttpLoad.Source {

        private final Deque<Look> again = new ArrayDeque<>();

        @Override
        public HttpLoad.Call next(long now) {
            if (again.size() >= READERS || !again.isEmpty() && again.peek().when <= now) {
                return again.peek().when <= now ? again.poll() : null;
            }
            Letter letter = expected.poll();
            return letter == null ? null : new Look(letter, now);
        }

        @Override
        public boolean finished() {
            return stopped;
        }

        private final class Look extends HttpLoad.Call {

            private final Letter letter;
            private final long when;

            private Look(Letter letter, long when) {
                super(
                        HttpLoad.get("/api/messages?to=" + URLEncoder.encode(letter.address, StandardCharsets.UTF_8)),
                        when);
                this.letter = letter;
                this.when = when;
            }

            @Override
            protected void ended(int status, String body, long nanos) {
                if (status != 200 || !body.contains("?token=")) {
                    again.add(new Look(letter, System.nanoTime() + LOOK_AGAIN));
                    return;
                }
                letter.open(body);
                lastMail = System.nanoTime();
                outstanding.decrementAndGet();
                read.accept(letter);
            }
        }
    }
}
