package org.countersign.faulttest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.countersign.localstack.LocalStack;
import org.countersign.localstack.StackLayout;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.net.Endpoint;
import org.countersign.localstack.net.Route;
import org.countersign.localstack.server.PostgresCluster;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A separate stack with proxies, whose parts and connections can fail. */
final class FaultStack implements AutoCloseable {

    private static final String ORGANISER = "organiser's, for faults";
    private static final String AUDITOR = "auditor's, for faults";
    /** The goal of each petition. */
    private static final long GOAL = 25;

    /** The milestones that the number of signers can reach, including the goal. */
    private static final List<Long> THRESHOLDS = List.of(10L, GOAL, 50L, 100L, 250L, 500L, 1000L, 2500L, 5000L);

    private final Ports ports;
    private final Path data;
    private final StackNetwork network;
    private final SmtpProxy smtp;
    private final UnreliableWebhookReceiver receiver = new UnreliableWebhookReceiver();
    private final LocalStack localStack;
    private final StackLosses losses;
    private final ApiClient api = new ApiClient();
    private final List<String> published = new CopyOnWriteArrayList<>();
    private final AtomicInteger petitions = new AtomicInteger();

    private FaultStack(
            Ports ports,
            Path home,
            Path data,
            StackNetwork network,
            Function<Route, StackLayout> layout,
            BiConsumer<String, String> statusListener) {
        this.ports = ports;
        this.data = data;
        this.network = network;
        smtp = SmtpProxy.to(ports.smtp());
        localStack = new LocalStack(ports, home, data, options(), layout.apply(this::route), statusListener);
        losses = new StackLosses(ports, data, localStack, receiver, published, organiser(), this::registerWebhook);
    }

    /** Returns a stack with one PostgreSQL and one Kafka. */
    static FaultStack single(
            Ports ports, Path home, Path data, int replicas, BiConsumer<String, String> statusListener) {
        return new FaultStack(
                ports,
                home,
                data,
                StackNetwork.single(ports),
                route -> StackLayout.of(StackLayout.replicasOfAll(replicas), route),
                statusListener);
    }

    /** Returns a stack with replicated servers and two instances of each service. */
    static FaultStack cluster(Ports ports, Path home, Path data, BiConsumer<String, String> statusListener) {
        AtomicReference<@Nullable FaultStack> created = new AtomicReference<>();
        ConnectionOwners owners =
                new ConnectionOwners(() -> Objects.requireNonNull(created.get()).processes());
        FaultStack stack = new FaultStack(
                ports,
                home,
                data,
                StackNetwork.cluster(ports, owners),
                route -> StackLayout.cluster(PostgresCluster.CommitPolicy.REQUIRED, route),
                statusListener);
        created.set(stack);
        return stack;
    }

    private Endpoint route(Endpoint endpoint) {
        return endpoint.port() == ports.smtp() ? Endpoint.loopback(smtp.port()) : network.to(endpoint);
    }

    private Map<String, ProcessHandle> processes() {
        Map<String, ProcessHandle> running = new HashMap<>();
        parts().forEach(part -> localStack.process(part).ifPresent(process -> running.put(part, process)));
        return running;
    }

    /** Adds the agent that changes the clocks of the services, see {@link ClockFaultAgent}. */
    private List<String> options() {
        return List.of("-javaagent:" + ClockFaultAgent.jar() + "=" + clock());
    }

    /** Starts all parts and registers the webhook. */
    void start() throws InterruptedException {
        shiftClocks(0);
        // Few signers sign many times, and each must get all mails in time.
        Map<String, String> settings = Map.of(
                "COUNTERSIGN_ORGANISER_PASSWORD",
                ORGANISER,
                "COUNTERSIGN_AUDITOR_PASSWORD",
                AUDITOR,
                "COUNTERSIGN_MAIL_PER_RECIPIENT_HOUR",
                "0");
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

    /** Retries all parked deliveries, as an organiser does with a button. */
    void retryParked() throws InterruptedException {
        DeliveryCalls deliveries = new DeliveryCalls(ports.notifier(), organiser());
        for (JsonNode delivery : deliveries.parked()) {
            deliveries.retry(delivery.path("id").asString());
        }
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

    static Optional<String> organiser() {
        return Optional.of("organiser:" + ORGANISER);
    }

    Optional<String> auditor() {
        return Optional.of("auditor:" + AUDITOR);
    }

    Ports ports() {
        return ports;
    }

    /** Returns the lines between the parts. */
    StackNetwork network() {
        return network;
    }

    /** Returns the port through which the signers reach the signature service. */
    int portForSigners() {
        return route(Endpoint.loopback(ports.signatureService())).port();
    }

    /** Returns PostgreSQL with its supervisor, if the stack is a cluster. */
    Optional<PostgresCluster> postgresCluster() {
        return localStack.postgresCluster();
    }

    /** Returns the URLs of all instances of the signature service. */
    List<String> signatureServiceUrls() {
        return postgresCluster().isEmpty()
                ? List.of(Endpoint.loopback(ports.signatureService()).url())
                : instances("signature-service").stream()
                        .map(StackLayout.clusterEndpoints(ports)::get)
                        .map(endpoints -> endpoints.get(0).url())
                        .toList();
    }

    SmtpProxy smtp() {
        return smtp;
    }

    UnreliableWebhookReceiver receiver() {
        return receiver;
    }

    /** Returns the bootstrap servers for clients of Kafka. */
    String kafkaServers() {
        return localStack.kafka();
    }

    /** Returns the names of the servers and of all instances of the services. */
    List<String> parts() {
        List<String> parts = new ArrayList<>(localStack.servers());
        LocalStack.SERVICES.forEach(service -> parts.addAll(localStack.instances(service)));
        return parts;
    }

    List<String> instances(String service) {
        return localStack.instances(service);
    }

    /** Returns where an instance of a service takes connections, without a load balancer. */
    Endpoint endpoint(String instance) {
        return localStack.endpoint(instance);
    }

    /** Returns where an instance of a service shows its metrics, without a load balancer. */
    Endpoint management(String instance) {
        return localStack.management(instance);
    }

    /** Returns the petition that was published last. */
    String newestPetition() {
        return published.get(published.size() - 1);
    }

    /** Returns whether the signature service answers and reports a finding of its durability check. */
    boolean reportsFinding(String code) {
        try {
            return api.metrics(ports.signatureServiceManagement())
                            .sum("countersign_durability_finding", "code=\"" + code + "\"")
                    > 0;
        } catch (UserException noAnswer) {
            return false;
        }
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

    /** Returns the losses of whole databases and of Kafka's data. */
    StackLosses losses() {
        return losses;
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
        network.repair();
        smtp.setMode(SmtpProxy.SmtpBehaviour.GOOD);
        localStack.close();
        network.close();
        smtp.close();
        receiver.close();
    }
}
