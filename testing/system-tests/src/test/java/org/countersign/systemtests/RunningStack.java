package org.countersign.systemtests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.server.FreePorts;
import org.countersign.localstack.server.PostgresDatabases;
import org.countersign.localstack.server.PostgresServer;
import tools.jackson.databind.JsonNode;

/**
 * The stack as {@code ./countersign up} runs it, every part in its own process, and the other commands talking to it.
 */
final class RunningStack implements AutoCloseable {

    private static final Path HOME = Path.of(System.getProperty("countersign.home"));
    private static final String ORGANISER_PASSWORD = "organiser's, for tests";
    private static final String AUDITOR_PASSWORD = "auditor's, for tests";
    private static final long PATIENCE_MINUTES = 4;

    /** The settings of a stack that runs for a few minutes: no optimising compiler and no warm-up. */
    static final Map<String, String> QUICKLY_COMPILED =
            Map.of("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1", "COUNTERSIGN_WARM_UP_LIMIT", "0s");

    private final Path data;
    private final int offset;
    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final CountDownLatch ready = new CountDownLatch(1);

    private RunningStack(Path data, int offset, Map<String, String> environment, String... options) {
        this.data = data;
        this.offset = offset;
        Map<String, String> all = new HashMap<>(QUICKLY_COMPILED);
        all.putAll(environment);
        this.process = countersign(
                all,
                Stream.concat(
                                Stream.of("up", "--data", data.toString(), "--port-offset", Integer.toString(offset)),
                                Stream.of(options))
                        .toArray(String[]::new));
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        Thread reader = new Thread(this::read, "output of up");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * What was signed when the shared stack ran for the first time, with no mail server to be found, and nobody was
     * told of.
     */
    static final String FROM_BEFORE = "from-before";

    static final String TOLD_LATE = "unsent@example.org";

    /** One stack for all tests that only need a running one. It has been stopped once and started again. */
    static RunningStack shared() {
        return Shared.STACK;
    }

    private static final class Shared {
        static final RunningStack STACK = startTwice();
    }

    private static RunningStack startTwice() {
        Path data = temporaryDirectory();
        try (RunningStack first = start(data, Map.of("SPRING_MAIL_PORT", Integer.toString(FreePorts.any())))) {
            first.publish(Map.of("slug", FROM_BEFORE));
            first.sign(FROM_BEFORE, TOLD_LATE, Map.of());
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> first.funnel(FROM_BEFORE).path("pending").asLong() == 1);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> new ApiClient()
                            .get(
                                    first.ports().notifier(),
                                    "/api/deliveries?state=planned&petition=" + FROM_BEFORE,
                                    organiser())
                            .body()
                            .contains("confirm"));
            if (!first.mails().to(TOLD_LATE).isEmpty()) {
                throw new AssertionError("a mail went out without a mail server");
            }
        }
        // Its mailings take their time, so that something can happen meanwhile. Its caches do not delay tests.
        return start(data, Map.of("COUNTERSIGN_MAIL_UPDATES_PER_SECOND", "20", "COUNTERSIGN_PAGES_MAX_AGE", "5s"));
    }

    /** A stack of its own, with options of {@code up}. The caller closes it. */
    static RunningStack with(Map<String, String> environment, String... options) {
        return start(temporaryDirectory(), environment, options);
    }

    static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory(
                    Files.createDirectories(HOME.resolve("testing/system-tests/target/stacks")), "stack");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a stack on free ports and waits until it says that it is up. */
    static RunningStack start(Path data, Map<String, String> environment, String... options) {
        RunningStack stack = new RunningStack(data, freeOffset(), environment, options);
        stack.awaitReady();
        return stack;
    }

    static int freeOffset() {
        // Above the ports that browsers refuse to open, and below those the system gives to clients.
        for (int offset = 3000; offset < 13_000; offset += 100) {
            if (Ports.withOffset(offset).all().values().stream().allMatch(FreePorts::isFree)) {
                return offset;
            }
        }
        throw new IllegalStateException("no range of ports is free");
    }

    private static Process countersign(Map<String, String> environment, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(
                        Stream.concat(Stream.of(HOME.resolve("countersign").toString()), Stream.of(arguments))
                                .toList())
                .redirectErrorStream(true);
        builder.environment().put("COUNTERSIGN_ORGANISER_PASSWORD", ORGANISER_PASSWORD);
        builder.environment().put("COUNTERSIGN_AUDITOR_PASSWORD", AUDITOR_PASSWORD);
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                if (line.startsWith("Countersign is up: ")) {
                    ready.countDown();
                }
            }
        } catch (IOException e) {
            output.add(e.toString());
        }
    }

    private void awaitReady() {
        try {
            if (!ready.await(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                close();
                throw new AssertionError("the stack did not come up: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What a command printed, and how it ended. */
    record Ended(int status, String output) {}

    /** Runs a command against this stack. */
    Ended run(String... arguments) {
        String[] all = Stream.concat(Stream.of(arguments), Stream.of("--port-offset", Integer.toString(offset)))
                .toArray(String[]::new);
        return run(new HashMap<>(), all);
    }

    /** Runs a command by itself. */
    static Ended run(Map<String, String> environment, String... arguments) {
        Process command = countersign(environment, arguments);
        try {
            String text = new String(command.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            return new Ended(command.waitFor(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Kills a service, as running out of memory or a cut cable does. */
    void kill(String service) {
        String classes = service + ".jar";
        List<ProcessHandle> found = process.descendants()
                .filter(one -> one.info().arguments().map(List::of).orElse(List.of()).stream()
                        .anyMatch(argument -> argument.contains(classes)))
                .toList();
        if (found.isEmpty()) {
            throw new IllegalStateException("no " + service + " is running");
        }
        found.forEach(ProcessHandle::destroyForcibly);
    }

    int offset() {
        return offset;
    }

    Ports ports() {
        return Ports.withOffset(offset);
    }

    Path data() {
        return data;
    }

    List<String> output() {
        return output;
    }

    /** How often the stack restarted a part. */
    long timesStartedAgain() {
        return output.stream().filter(line -> line.contains("is restarted")).count();
    }

    static Optional<String> organiser() {
        return Optional.of("organiser:" + ORGANISER_PASSWORD);
    }

    static Optional<String> auditor() {
        return Optional.of("auditor:" + AUDITOR_PASSWORD);
    }

    /** A connection to one of the services' databases, with the rights of its owner. */
    Connection connect(String database) {
        String owner = PostgresDatabases.ownerOf(database);
        return connect(database, owner, "postgres." + owner);
    }

    /** A connection to one of the services' databases, with the rights of that service. */
    Connection connectAsService(String database) {
        return connect(database, database, "postgres." + database);
    }

    /** Has PostgreSQL write all that it holds in memory to its tables. */
    void checkpoint() {
        try (Connection connection = connect("postgres", "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("checkpoint");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Connection connect(String database, String user, String secret) {
        try (Reader reader = Files.newBufferedReader(data.resolve("secrets.properties"))) {
            Properties secrets = new Properties();
            secrets.load(reader);
            return DriverManager.getConnection(
                    PostgresServer.url(ports().postgres(), database), user, secrets.getProperty(secret));
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    String page(String path) {
        return Ports.url(ports().signatureService()) + path;
    }

    /** Publishes a petition and gives its slug. */
    String publish(Map<String, Object> petition) {
        Map<String, Object> whole = new HashMap<>(Map.of(
                "title",
                "A slide for the swimming pool",
                "statement",
                "Please.",
                "recipients",
                List.of("The Pool Board"),
                "goal",
                500,
                "organiser",
                Map.of("name", "Orla Organiser", "email", "orla@pool.example")));
        whole.putAll(petition);
        return ApiClient.require(
                        201, new ApiClient().post(ports().signatureService(), "/api/petitions", whole, organiser()))
                .json()
                .get("slug")
                .asString();
    }

    /** Signs and gives the address in lower case, as the mailbox knows it. */
    String sign(String petition, String email, Map<String, Object> more) {
        Map<String, Object> form = new HashMap<>(Map.of("name", "Sander Signer", "email", email, "country", "NL"));
        form.putAll(more);
        post(202, "/api/petitions/" + petition + "/signatures", form);
        return email.toLowerCase(java.util.Locale.ROOT);
    }

    void confirm(String token) {
        post(200, "/api/signatures/verify", Map.of("token", token));
    }

    void withdraw(String token) {
        post(200, "/api/signatures/withdraw", Map.of("token", token));
    }

    /**
     * Sends the call of a signer. A busy service answers 503 and records nothing, and a client repeats the call then.
     * So it does after 408 (RFC 9110, section 15.5.9): slow clients hold all places, and the body came after the head.
     */
    private void post(int status, String path, Map<String, Object> body) {
        ApiClient.ApiResponse answer = Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(500))
                .pollDelay(Duration.ZERO)
                .until(
                        () -> new ApiClient().post(ports().signatureService(), path, body, Optional.empty()),
                        response -> response.status() != 503 && response.status() != 408);
        ApiClient.require(status, answer);
    }

    JsonNode counts(String petition) {
        return new ApiClient()
                .get(ports().counterProjection(), "/api/petitions/" + petition + "/counts", Optional.empty())
                .json();
    }

    /** The signatures by status, which only organisers and auditors see. */
    JsonNode funnel(String petition) {
        return new ApiClient()
                .get(ports().counterProjection(), "/api/petitions/" + petition + "/funnel", auditor())
                .json();
    }

    long verified(String petition) {
        return counts(petition).path("verified").asLong(-1);
    }

    MailboxReader mails() {
        return new MailboxReader(ports().mailbox());
    }

    /** Does what Ctrl-C does and waits until everything has stopped. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
