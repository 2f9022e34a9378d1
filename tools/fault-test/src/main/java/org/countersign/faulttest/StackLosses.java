package org.countersign.faulttest;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.countersign.localstack.LocalStack;
import org.countersign.localstack.StackBackup;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.ProgressBar;
import org.countersign.localstack.client.StreamedCall;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.server.Directories;
import tools.jackson.databind.JsonNode;

/** Loses and restores the data of a stack, and follows the procedures of docs/operations.md. */
final class StackLosses {

    private static final long POLL_INTERVAL_MILLIS = 500;
    private static final int QUIET_POLLS = 20;
    private static final Pattern RELAY_FROM = Pattern.compile("relay --from (\\d+)");
    private static final Pattern MESSAGE_ID = Pattern.compile("Message-ID: <([0-9a-f-]{36})@");

    private final Ports ports;
    private final Path data;
    private final LocalStack localStack;
    private final UnreliableWebhookReceiver receiver;
    private final List<String> published;
    private final Optional<String> organiser;
    private final Runnable registerWebhook;
    private final Set<String> withLostData = ConcurrentHashMap.newKeySet();
    private final AtomicInteger backups = new AtomicInteger();
    private final DeliveryCalls deliveries;
    private final ApiClient api = new ApiClient();

    /**
     * @param data the directory of the stack
     * @param published the slugs of all petitions so far
     * @param organiser the organiser's credentials
     * @param registerWebhook registers the webhook in the notifier
     */
    StackLosses(
            Ports ports,
            Path data,
            LocalStack localStack,
            UnreliableWebhookReceiver receiver,
            List<String> published,
            Optional<String> organiser,
            Runnable registerWebhook) {
        this.ports = ports;
        this.data = data;
        this.localStack = localStack;
        this.receiver = receiver;
        this.published = published;
        this.organiser = organiser;
        this.registerWebhook = registerWebhook;
        this.deliveries = new DeliveryCalls(ports.notifier(), organiser);
    }

    /** Backs up the databases while the stack runs, and returns the backup. */
    Path backUp() {
        Path backup = data.resolve("backup-" + backups.incrementAndGet());
        new StackBackup(data).backUp(backup);
        return backup;
    }

    /** Returns when Kafka has all events. The signers must not reach the service meanwhile. */
    void awaitPublished() throws InterruptedException {
        int caughtUp = 0;
        while (caughtUp < 3) {
            Thread.sleep(POLL_INTERVAL_MILLIS);
            caughtUp = isPublished() ? caughtUp + 1 : 0;
        }
    }

    private boolean isPublished() {
        try {
            return api.metrics(ports.signatureServiceManagement())
                            .highest("countersign_relay_lag_events")
                            .orElse(1)
                    == 0;
        } catch (UserException noAnswer) {
            return false;
        }
    }

    /** Replaces the databases with those of a backup. The services continue to run. */
    void restore(Path backup) {
        markLost();
        localStack.whileStopped("PostgreSQL", () -> new StackBackup(data).restore(backup, true));
    }

    /** Records that the databases are about to lose commits. Personal data among them cannot be recovered. */
    void markLost() {
        withLostData.addAll(published);
        receiver.lostRegistration(published);
    }

    /** Tells whether signers of a petition may miss mails, because their data was lost with the database. */
    boolean hasLostData(String petition) {
        return withLostData.contains(petition);
    }

    /** Deletes all data of Kafka. */
    void loseKafka() {
        localStack.whileStopped("Kafka", () -> Directories.delete(data.resolve("kafka")));
    }

    /** Replaces the database of a service with an empty one, and kills the service. */
    void loseDatabase(String service) {
        localStack.loseDatabase(service);
        localStack
                .instances(service)
                .forEach(instance -> localStack.process(instance).ifPresent(process -> {
                    process.destroyForcibly();
                    process.onExit().join();
                }));
    }

    /** Registers the webhook again, which only the notifier's database knew. */
    void registerWebhookAgain() throws InterruptedException {
        receiver.lostRegistration(published);
        awaitReady("notifier");
        registerWebhook.run();
    }

    private void awaitReady(String service) throws InterruptedException {
        while (!localStack.instances(service).stream().allMatch(localStack::isReady)) {
            Thread.sleep(POLL_INTERVAL_MILLIS);
        }
    }

    /** Follows the procedure that readiness names, and returns its last line. */
    JsonNode recover() throws InterruptedException {
        String procedure = awaitProcedure();
        Matcher relay = RELAY_FROM.matcher(procedure);
        String path = relay.find() ? "relay?from=" + relay.group(1) : "log";
        return new StreamedCall(
                        "signature service",
                        ports.signatureService(),
                        organiser,
                        new ProgressBar(new PrintWriter(Writer.nullWriter())))
                .run("POST", "/api/recovery/" + path, event -> {});
    }

    private String awaitProcedure() throws InterruptedException {
        String procedure = "";
        while (!procedure.contains("./countersign")) {
            Thread.sleep(POLL_INTERVAL_MILLIS);
            try {
                procedure = api.get(ports.signatureServiceManagement(), "/actuator/health/readiness", Optional.empty())
                        .json()
                        .path("components")
                        .path("continuity")
                        .path("description")
                        .asString("");
            } catch (UserException unreachable) {
                procedure = "";
            }
        }
        return procedure;
    }

    /** Retries parked deliveries that the mailbox lacks, as an organiser does with the mail server's log. */
    void retryMissing() throws InterruptedException {
        awaitReady("notifier");
        int quiet = 0;
        while (quiet < QUIET_POLLS) {
            Thread.sleep(POLL_INTERVAL_MILLIS);
            Set<String> sent = sentMails();
            int retried = 0;
            for (String petition : published) {
                for (JsonNode delivery : deliveries.parked(petition)) {
                    String id = delivery.path("id").asString();
                    if (!sent.contains(id) && !delivery.path("kind").asString().equals("webhook")) {
                        deliveries.retry(id);
                        retried++;
                    }
                }
            }
            quiet = retried == 0 ? quiet + 1 : 0;
        }
    }

    private Set<String> sentMails() {
        Set<String> ids = new HashSet<>();
        try (Stream<Path> files = Files.walk(data.resolve("mailbox"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Matcher id = MESSAGE_ID.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
                while (id.find()) {
                    ids.add(id.group(1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ids;
    }
}
