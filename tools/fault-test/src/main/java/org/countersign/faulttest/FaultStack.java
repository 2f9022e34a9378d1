package org.countersign.faulttest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.countersign.localstack.LocalStack;
import org.countersign.localstack.StackLayout;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.server.Processes;
import tools.jackson.databind.JsonNode;

/** A whole stack of its own, whose parts and lines can be broken. */
final class FaultStack implements AutoCloseable {

    private static final String ORGANISER = "organiser's, for faults";
    private static final String AUDITOR = "auditor's, for faults";
    /** Of a milestone each: the goal, and the ladder as far as so few people can climb it. */
    private static final long GOAL = 25;

    private static final List<Long> THRESHOLDS = List.of(10L, GOAL, 50L, 100L, 250L, 500L, 1000L, 2500L, 5000L);

    private final Ports ports;
    private final Path data;
    private final TcpProxy postgres;
    private final TcpProxy kafka;
    private final TcpProxy signatureService;
    private final SmtpProxy smtp;
    private final UnreliableWebhookReceiver receiver = new UnreliableWebhookReceiver();
    private final LocalStack stack;
    private final ApiClient api = new ApiClient();
    private final AtomicInteger petitions = new AtomicInteger();

    FaultStack(Ports ports, Path home, Path data, int replicas, BiConsumer<String, String> told) {
        this.ports = ports;
        this.data = data;
        postgres = TcpProxy.to(ports.postgres());
        kafka = TcpProxy.to(ports.kafka());
        smtp = SmtpProxy.to(ports.smtp());
        signatureService = TcpProxy.to(ports.signatureService());
        StackLayout.ProxyPorts detour =
                new StackLayout.ProxyPorts(postgres.port(), kafka.port(), smtp.port(), signatureService.port());
        stack = new LocalStack(ports, home, data, options(), new StackLayout(replicas, Optional.of(detour)), told);
    }

    /** The services' clocks are changed from inside: see {@link ClockFaultAgent}. */
    private List<String> options() {
        List<String> options = new ArrayList<>(Processes.FAST_START_OPTIONS);
        options.add("-javaagent:" + ClockFaultAgent.jar() + "=" + clock());
        return options;
    }

    /** Starts everything and has webhooks called. */
    void start() throws InterruptedException {
        setClock(0);
        Map<String, String> settings =
                Map.of("COUNTERSIGN_ORGANISER_PASSWORD", ORGANISER, "COUNTERSIGN_AUDITOR_PASSWORD", AUDITOR);
        stack.start(settings);
        ApiClient.require(
                201,
                api.post(
                        ports.notifier(),
                        "/api/webhooks",
                        Map.of("url", receiver.url(), "events", List.of("milestone.reached")),
                        organiser()));
    }

    /** Has all services believe that it is so many seconds later. */
    void setClock(int seconds) {
        try {
            Files.writeString(clock(), Integer.toString(seconds));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path clock() {
        return data.resolve("clock");
    }

    /** Publishes a petition and has a recipient told of its milestones. */
    InvariantCheck.Expected publish() {
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
        return new InvariantCheck.Expected(slug, List.of(organiser, recipient), THRESHOLDS);
    }

    /** Has deliveries sent again that were given up, as an organiser does with a button; how many there were. */
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

    /** Tries to have a private address called; whether it was refused. */
    boolean refusesWebhookTo(String url) {
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

    /** By which people and the notifier reach it. */
    TcpProxy signatureService() {
        return signatureService;
    }

    SmtpProxy smtp() {
        return smtp;
    }

    UnreliableWebhookReceiver receiver() {
        return receiver;
    }

    /** What clients of Kafka are to connect to. */
    String kafkaServers() {
        return "127.0.0.1:" + kafka.port();
    }

    /** The instances of all services, and the servers. */
    List<String> parts() {
        List<String> parts = new ArrayList<>(LocalStack.SERVERS);
        LocalStack.SERVICES.forEach(service -> parts.addAll(stack.instances(service)));
        return parts;
    }

    List<String> instances(String service) {
        return stack.instances(service);
    }

    /** Whether a part says that it is ready. */
    boolean isReady(String part) {
        return stack.isReady(part);
    }

    /** Those that are not ready now. */
    List<String> notReady() {
        return parts().stream().filter(part -> !isReady(part)).toList();
    }

    /** Ends a part's process at once (SIGKILL); it is gone when this returns. */
    void kill(String part) {
        stack.process(part).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }

    /** Has a part end as {@link #terminate} does and waits until it is ready again. */
    void restart(String part) throws InterruptedException {
        terminate(part);
        while (!stack.isReady(part)) {
            Thread.sleep(200);
        }
    }

    /** Asks a part to end (SIGTERM); it is gone when this returns. */
    void terminate(String part) {
        stack.process(part).ifPresent(process -> {
            process.destroy();
            process.onExit().join();
        });
    }

    /** Halts a part and all its processes (SIGSTOP), or has them go on (SIGCONT). */
    void signal(String part, String signal) {
        processes(part).forEach(process -> run("kill", "-" + signal, Long.toString(process.pid())));
    }

    /**
     * Allows no file of PostgreSQL's to become larger than so many bytes, as a full disk does; a negative size lifts
     * that.
     */
    void limitFiles(long bytes) {
        String limit = bytes < 0 ? "unlimited" : Long.toString(bytes);
        // Only what is set softly can be lifted again.
        processes("PostgreSQL")
                .forEach(process -> run("prlimit", "--pid", Long.toString(process.pid()), "--fsize=" + limit + ":"));
    }

    private Stream<ProcessHandle> processes(String part) {
        return stack.process(part).stream()
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()));
    }

    private static void run(String... command) {
        try {
            // A process may have ended by itself meanwhile.
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UserException("This machine has no " + command[0] + ", which this fault is made with.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        postgres.become(TcpProxy.Line.GOOD);
        kafka.become(TcpProxy.Line.GOOD);
        signatureService.become(TcpProxy.Line.GOOD);
        smtp.become(SmtpProxy.Day.GOOD);
        stack.close();
        postgres.close();
        kafka.close();
        signatureService.close();
        smtp.close();
        receiver.close();
    }
}
