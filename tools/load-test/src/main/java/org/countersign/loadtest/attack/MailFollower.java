package org.countersign.loadtest.attack;

import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.JsonNode;

/** Reads all mails of the local stack's mailbox in the order of their arrival. */
final class MailFollower implements AutoCloseable {

    private static final Pattern CONFIRM_LINK = Pattern.compile("/confirm\\?token=([\\w-]+)");
    private static final long POLL_INTERVAL_MILLIS = 100;

    private final ApiClient api = new ApiClient();
    private final int port;
    private final BiConsumer<String, String> confirmMails;
    private final Consumer<String> otherMails;
    private final Thread thread = new Thread(this::follow, "mail-follower");
    private int last;
    private volatile boolean stopped;
    private volatile long lastMailNanos = System.nanoTime();

    /**
     * Creates a follower that begins with the next mail.
     *
     * @param confirmMails receives the address of each confirmation mail and the token of its link
     * @param otherMails receives the address of each other mail
     */
    MailFollower(int port, BiConsumer<String, String> confirmMails, Consumer<String> otherMails) {
        this.port = port;
        this.confirmMails = confirmMails;
        this.otherMails = otherMails;
        thread.setDaemon(true);
        for (JsonNode mail : messages("")) {
            last = mail.get("id").asInt();
        }
    }

    void start() {
        thread.start();
    }

    /** Returns the nanoseconds since the last confirmation mail. */
    long quietNanos() {
        return System.nanoTime() - lastMailNanos;
    }

    private void follow() {
        while (!stopped) {
            try {
                JsonNode mails = messages("&after=" + last);
                for (JsonNode mail : mails) {
                    last = mail.get("id").asInt();
                    Matcher link = CONFIRM_LINK.matcher(mail.get("text").asString());
                    String address = mail.get("to").asString().toLowerCase(Locale.ROOT);
                    if (link.find()) {
                        lastMailNanos = System.nanoTime();
                        confirmMails.accept(address, link.group(1));
                    } else {
                        otherMails.accept(address);
                    }
                }
                if (mails.isEmpty()) {
                    Thread.sleep(POLL_INTERVAL_MILLIS);
                }
            } catch (UserException overloaded) {
                // The next poll tries again.
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private JsonNode messages(String query) {
        return ApiClient.require(200, api.get(port, "/api/messages?html=false" + query, Optional.empty()))
                .json();
    }

    @Override
    public void close() {
        stopped = true;
        thread.interrupt();
    }
}
