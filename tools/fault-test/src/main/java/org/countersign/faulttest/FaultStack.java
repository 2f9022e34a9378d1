package org.countersign.faulttest;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.countersign.localstack.LocalStack;
import org.countersign.localstack.StackBackup;
import org.countersign.localstack.StackLayout;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.ProgressBar;
import org.countersign.localstack.client.StreamedCall;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.server.Processes;
import tools.jackson.databind.JsonNode;

/** A separate stack with proxies, whose parts and connections can fail. */
final class FaultStack implements AutoCloseable {

    private static final String ORGANISER = "organiser's, for faults";
    private static final String AUDITOR = "auditor's, for faults";
    /** The goal of each petition. */
    private static final long GOAL = 25;

    /** The milestones that the number of signers can reach, including the goal. */
    private static final List<Long> THRESHOLDS = List.of(10L, GOAL, 50L, 100L, 250L, 500L, 1000L, 2500L, 5000L);

    private static final long POLL_INTERVAL_MILLIS = 500;
    private static final int QUIET_POLLS = 20;
    private static final Pattern RELAY_FROM = Pattern.compile("relay --from (\\d+)");
    private static final Pattern MESSAGE_ID = Pattern.compile("Message-ID: <([0-9a-f-]{36})@");

    private final Ports ports;
    private final Path data;
    private final TcpProxy postgres;
    private final TcpProxy kafka;
    private final TcpProxy signatureService;
    private final SmtpProxy smtp;
    private final UnreliableWebhookReceiver receiver = new UnreliableWebhookReceiver();
    private final LocalStack localStack;
    private final ApiClient api = new ApiClient();
    private final List<String> published = new CopyOnWriteArrayList<>();
    private final Set<String> withLostData = ConcurrentHashMap.newKeySet();
    private final AtomicInteger backups = new AtomicInteger();
    private final AtomicInteger petitions = new AtomicInteger();

    FaultStack(Ports ports, Path home, Path data, int replicas, BiConsumer<String, String> statusListener) {
        this.ports = ports;
        this.data = data;
        postgres = TcpProxy.to(ports.postgres());
        kafka = TcpProxy.to(ports.kafka());
        smtp = SmtpProxy.to(ports.smtp());
        signatureService = TcpProxy.to(ports.signatureService());
        StackLayout.ProxyPorts proxies =
                new StackLayout.ProxyPorts(postgres.port(), kafka.port(), smtp.port(), signatureService.port());
        localStack = new LocalStack(
                ports, home, data, options(), new StackLayout(replicas, Optional.of(proxies)), statusListener);
    }

    /** Adds the agent that changes the clocks of the services, see {@link ClockFaultAgent}. */
    private List<String> options() {
        List<String> options = new ArrayList<>(Processes.FAST_START_OPTIONS);
        options.add("-javaagent:" + ClockFaultAgent.jar() + "=" + clock());
        return options;
    }

    /** Starts all parts and registers the webhook. */
    void start() throws InterruptedException {
        shiftClocks(0);
        Map<String, String> settings =
                Map.of("COUNTERSIGN_ORGANISER_PASSWORD", ORGANISER, "COUNTERSIGN_AUDITOR_PASSWORD", AUDITOR);
        localStack.start(settings);
        registerWebhook();
    }

    private void registerWebhook() {
        ApiClient.require(
                201,
                api.post(
                        ports.notifier(),
                        "/api/webhooks",
                        Map.of("url", receiver.url(), "events", List.of("milestone.reached")),
                        organiser()));
    }

    /** Shifts the clocks of all services by the given number of seconds. */
    void shiftClocks(int seconds) {
        try {
            Files.writeString(clock(), Integer.toString(seconds));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path clock() {
        return data.resolve("clock");
    }

    /** Publishes a petition and adds a recipient of its milestone mails. */
    InvariantCheck.MonitoredPetition publish() {
        int number = petitions.incrementAndGet();
        String organiser = "organiser-" + number + "@faults.example";
        String slug = ApiClient.require(
                        201,
                        api.post(
                                ports.signatureService(),
                                "/api/petitions",
                                Map.of(
                                        "slug",
                                        "faults-" + number,
                                        "title",
                                        "A roof over bus stop " + number,
                                        "statement",
                                        "It rains there.",
                                        "recipients",
                                        List.of("The Bus Company"),
                                        "goal",
                                        GOAL,
                                        "organiser",
                                        Map.of("name", "Omar Organiser", "email", organiser)),
                                organiser()))
                .json()
                .path("slug")
                .asString();
        String recipient = "recipient-" + number + "@faults.example";
        ApiClient.require(
                201,
                api.post(
                        ports.signatureService(),
                        "/api/petitions/" + slug + "/alerts",
                        Map.of("name", "Rita Recipient", "email", recipient),
                        organiser()));
        published.add(slug);
        return new InvariantCheck.MonitoredPetition(slug, List.of(organiser, recipient), THRESHOLDS);
    }

    /** Retries all parked deliveries, as an organiser does with a button. Returns their number. */
    int retryParked() {
        int retried = 0;
        for (JsonNode delivery : ApiClient.require(
                        200, api.get(ports.notifier(), "/api/deliveries?state=parked", organiser()))
                .json()) {
            ApiClient.require(
                    200,
                    api.post(
                            ports.notifier(),
                            "/api/deliveries/" + delivery.path("id").asString() + "/retry",
                            Map.of(),
                            organiser()));
            retried++;
        }
        return retried;
    }

    /** Registers a webhook with a forbidden URL. Returns whether the service rejected it. */
    boolean rejectsWebhookTo(String url) {
        return api.post(
                                ports.notifier(),
                                "/api/webhooks",
                                Map.of("url", url, "events", List.of("milestone.reached")),
                                organiser())
                        .status()
                == 422;
    }

    private static Optional<String> organiser() {
        return Optional.of("organiser:" + ORGANISER);
    }

    Optional<String> auditor() {
        return Optional.of("auditor:" + AUDITOR);
    }

    Ports ports() {
        return ports;
    }

    TcpProxy postgres() {
        return postgres;
    }

    TcpProxy kafka() {
        return kafka;
    }

    /** Returns the proxy through which the signers and the notifier reach the signature service. */
    TcpProxy signatureService() {
        return signatureService;
    }

    SmtpProxy smtp() {
        return smtp;
    }

    UnreliableWebhookReceiver receiver() {
        return receiver;
    }

    /** Returns the bootstrap servers for clients of Kafka. */
    String kafkaServers() {
        return "127.0.0.1:" + kafka.port();
    }

    /** Returns the names of the servers and of all instances of the services. */
    List<String> parts() {
        List<String> parts = new ArrayList<>(LocalStack.SERVERS);
        LocalStack.SERVICES.forEach(service -> parts.addAll(localStack.instances(service)));
        return parts;
    }

    List<String> instances(String service) {
        return localStack.instances(service);
    }

    /** Returns whether a part reports that it is ready. */
    boolean isReady(String part) {
        return localStack.isReady(part);
    }

    /** Returns the parts that are not ready. */
    List<String> notReady() {
        return parts().stream().filter(part -> !isReady(part)).toList();
    }

    /** Kills a part's process (SIGKILL) and returns after its end. */
    void kill(String part) {
        localStack.process(part).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }

    /** Terminates a part and returns when it is ready again. */
    void restart(String part) throws InterruptedException {
        terminate(part);
        while (!localStack.isReady(part)) {
            Thread.sleep(200);
        }
    }

    /** Terminates a part (SIGTERM) and returns after its end. */
    void terminate(String part) {
        localStack.process(part).ifPresent(process -> {
            process.destroy();
            process.onExit().join();
        });
    }

    /** Pauses (SIGSTOP) or resumes (SIGCONT) a part with all its processes. */
    void signal(String part, String signal) {
        processes(part).forEach(process -> run("kill", "-" + signal, Long.toString(process.pid())));
    }

    /**
     * Limits the size of PostgreSQL's files in bytes, which has the effect of a full disk. A negative size removes the
     * limit.
     */
    void limitFiles(long bytes) {
        String limit = bytes < 0 ? "unlimited" : Long.toString(bytes);
        // Only a soft limit can be removed later.
        processes("PostgreSQL")
                .forEach(process -> run("prlimit", "--pid", Long.toString(process.pid()), "--fsize=" + limit + ":"));
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
            boolean nothingLeft = api.metrics(ports.signatureService())
                            .highest("countersign_relay_lag_events")
                            .orElse(1)
                    == 0;
            caughtUp = nothingLeft ? caughtUp + 1 : 0;
        }
    }

    /** Replaces the databases with those of a backup. The services continue to run. */
    void restore(Path backup) {
        withLostData.addAll(published);
        receiver.lostRegistration(published);
        localStack.whileStopped("PostgreSQL", () -> new StackBackup(data).restore(backup, true));
    }

    /** Tells whether signers of a petition may miss mails, because their data was lost with the database. */
    boolean hasLostData(String petition) {
        return withLostData.contains(petition);
    }

    /** Deletes all data of Kafka. */
    void loseKafka() {
        localStack.whileStopped("Kafka", () -> delete(data.resolve("kafka")));
    }

    private static void delete(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces the database of a service with an empty one, and kills the service. */
    void loseDatabase(String service) {
        localStack.loseDatabase(service);
        instances(service).forEach(this::kill);
    }

    /** Registers the webhook again, which only the notifier's database knew. */
    void registerWebhookAgain() throws InterruptedException {
        receiver.lostRegistration(published);
        awaitReady("notifier");
        registerWebhook();
    }

    private void awaitReady(String service) throws InterruptedException {
        while (!instances(service).stream().allMatch(localStack::isReady)) {
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
                        organiser(),
                        new ProgressBar(new PrintWriter(Writer.nullWriter())))
                .run("POST", "/api/recovery/" + path, event -> {});
    }

    private String awaitProcedure() throws InterruptedException {
        String procedure = "";
        while (!procedure.contains("./countersign")) {
            Thread.sleep(POLL_INTERVAL_MILLIS);
            try {
                procedure = api.get(ports.signatureService(), "/actuator/health/readiness", Optional.empty())
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
                for (JsonNode delivery : ApiClient.require(
                                200,
                                api.get(
                                        ports.notifier(),
                                        "/api/deliveries?state=parked&petition=" + petition,
                                        organiser()))
                        .json()) {
                    String id = delivery.path("id").asString();
                    if (!sent.contains(id) && !delivery.path("kind").asString().equals("webhook")) {
                        api.post(ports.notifier(), "/api/deliveries/" + id + "/retry", Map.of(), organiser());
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

    private Stream<ProcessHandle> processes(String part) {
        return localStack.process(part).stream()
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()));
    }

    private static void run(String... command) {
        try {
            // A process may have ended already, so the exit status is ignored.
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UserException("This fault needs the program " + command[0] + ", which is not installed.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        postgres.setMode(TcpProxy.ProxyMode.GOOD);
        kafka.setMode(TcpProxy.ProxyMode.GOOD);
        signatureService.setMode(TcpProxy.ProxyMode.GOOD);
        smtp.setMode(SmtpProxy.SmtpBehaviour.GOOD);
        localStack.close();
        postgres.close();
        kafka.close();
        signatureService.close();
        smtp.close();
        receiver.close();
    }
}
