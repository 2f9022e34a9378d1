package org.countersign.localstack;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.server.FreePorts;
import org.countersign.localstack.server.KafkaBroker;
import org.countersign.localstack.server.Mailbox;
import org.countersign.localstack.server.PostgresServer;
import org.slf4j.LoggerFactory;

/**
 * The embedded stack: PostgreSQL, Kafka, a mailbox and the services, each in a process of its own but for the mailbox.
 */
public final class LocalStack implements AutoCloseable {

    /** A database of the stack, and the role that owns it. */
    public record Database(String url, String user, String password) {

        /** The password opens it: not shown. */
        @Override
        public String toString() {
            return "Database[" + url + "]";
        }
    }

    /**
     * How it is built.
     *
     * @param replicas how many instances of each service run, behind the one port where the service is expected
     * @param detour the ports at which the services find the servers and each other, if something stands in between
     */
    public record Layout(int replicas, Optional<Detour> detour) {

        /** One of each, and nothing in between. */
        public static final Layout PLAIN = new Layout(1, Optional.empty());
    }

    /** Ports on 127.0.0.1 that lead to PostgreSQL, Kafka, the mailbox's SMTP and the signature service. */
    public record Detour(int postgres, int kafka, int smtp, int signatureService) {}

    /** The services, by name. */
    public static final List<String> SERVICES = List.of("signature-service", "counter-projection", "notifier");
    /**
     * What the services need, by name: parts that can be looked at with {@link #process}, as the services' instances
     * can.
     */
    public static final List<String> SERVERS = List.of("PostgreSQL", "Kafka");

    private static final int ATTEMPTS = 20;

    private final Ports ports;
    private final Path home;
    private final Path data;
    private final StackSecrets secrets;
    private final List<String> options;
    private final Layout layout;
    private final BiConsumer<String, String> told;
    private final InstalledJdk java = InstalledJdk.newest();
    private final Map<String, ServiceProcess> services = new ConcurrentHashMap<>();
    private final Map<String, Integer> instancePorts = new ConcurrentHashMap<>();
    private final List<LoadBalancer> balancers = new ArrayList<>();
    private volatile PostgresServer postgres;
    private volatile KafkaBroker kafka;
    private Mailbox mailbox;
    private boolean closed;

    /**
     * @param home the project's directory, with the built services in it
     * @param data where everything is kept
     * @param options for the services' Java virtual machines
     * @param told told of each part what becomes of it: its name, and that it is ready and where, or that it has ended
     */
    public LocalStack(
            Ports ports, Path home, Path data, List<String> options, Layout layout, BiConsumer<String, String> told) {
        this.ports = ports;
        this.home = home;
        this.data = data;
        this.secrets = StackSecrets.in(data);
        this.options = options;
        this.layout = layout;
        this.told = told;
    }

    /**
     * Starts all parts and returns when all are ready. What ends after that is started again.
     *
     * @param settings environment variables: the passwords of organiser and auditor, as far as they are known, and
     *     whatever else the services are to have
     * @throws org.countersign.localstack.client.UserException if a part does not start; the message says where to read
     *     why
     */
    public void start(Map<String, String> settings) throws InterruptedException {
        // Were several threads the first ones to log, SLF4J would say so.
        LoggerFactory.getILoggerFactory();
        CompletableFuture<Void> broker = CompletableFuture.runAsync(this::startKafka);
        // The services wait for what they need, so they can load meanwhile.
        SERVICES.forEach(service -> launchAll(service, settings));
        startPostgres();
        startMailbox();
        join(broker);
        watch(postgres);
        watch(kafka);
        for (String service : SERVICES) {
            for (String instance : instances(service)) {
                services.get(instance).awaitReady();
                watch(instance, service, settings);
            }
            ready(service, Ports.url(port(service)));
        }
    }

    private void launchAll(String service, Map<String, String> settings) {
        if (layout.replicas() == 1) {
            instancePorts.put(service, port(service));
        } else {
            List<Integer> behind = new ArrayList<>();
            for (String instance : instances(service)) {
                int port = FreePorts.any();
                instancePorts.put(instance, port);
                behind.add(port);
            }
            balancers.add(LoadBalancer.start(port(service), behind));
        }
        instances(service).forEach(instance -> launch(instance, service, settings));
    }

    /** The names of a service's instances: its own if there is one, else with a number. */
    public List<String> instances(String service) {
        return layout.replicas() == 1
                ? List.of(service)
                : IntStream.rangeClosed(1, layout.replicas())
                        .mapToObj(number -> service + "-" + number)
                        .toList();
    }

    /**
     * The process of a part: an instance of a service, or a server.
     *
     * @return nothing while the part is being started again
     */
    public Optional<ProcessHandle> process(String part) {
        ProcessHandle process = switch (part) {
            case "PostgreSQL" -> postgres.process();
            case "Kafka" -> kafka.process();
            default -> services.get(part).process();
        };
        return Optional.of(process).filter(ProcessHandle::isAlive);
    }

    /** Whether a part says that it is ready; of a server, whether it runs. */
    public boolean isReady(String part) {
        return SERVERS.contains(part)
                ? process(part).isPresent()
                : services.get(part).isReady();
    }

    /** Starts PostgreSQL and Kafka and no service. */
    public void startServers() {
        startKafka();
        startPostgres();
    }

    /**
     * Starts one of the services and returns when it is ready; PostgreSQL and Kafka must be running.
     *
     * @param settings as for {@link #start}
     * @throws org.countersign.localstack.client.UserException if it does not start; the message says where to read why
     */
    public void startService(String name, Map<String, String> settings) throws InterruptedException {
        startAnother(name, name, port(name), settings);
        ready(name, Ports.url(port(name)));
    }

    /**
     * Starts one more instance of a service, on a port of its own, and returns when it is ready.
     *
     * @param settings as for {@link #start}
     * @throws org.countersign.localstack.client.UserException if it does not start; the message says where to read why
     */
    public void startAnother(String name, int port, Map<String, String> settings) throws InterruptedException {
        startAnother(name + " on port " + port, name, port, settings);
    }

    private void startAnother(String instance, String service, int port, Map<String, String> settings)
            throws InterruptedException {
        instancePorts.put(instance, port);
        launch(instance, service, settings);
        services.get(instance).awaitReady();
    }

    /** By which the notifier is known to the signature service. */
    public String notifierPassword() {
        return secrets.password("notifier");
    }

    /** Stops one of the services; it finishes what it does first. */
    public void stopService(String name) {
        ServiceProcess.stop(List.of(services.remove(name)));
    }

    /**
     * A database of the name given, made if it is not there. Each service has one named like itself, with underscores.
     */
    public Database database(String name) {
        String password = secrets.password("postgres." + name);
        postgres.database(name, password);
        return new Database(postgres.url(name), name, password);
    }

    /** What clients of Kafka are to connect to. */
    public String kafka() {
        return kafka.bootstrapServers();
    }

    private static void join(CompletableFuture<Void> future) {
        try {
            future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private int port(String service) {
        return switch (service) {
            case "signature-service" -> ports.signatureService();
            case "counter-projection" -> ports.counterProjection();
            default -> ports.notifier();
        };
    }

    private void startKafka() {
        kafka = KafkaBroker.start(
                java.launcher(),
                data.resolve("kafka"),
                logs().resolve("kafka.log"),
                ports.kafka(),
                kafkaPort(),
                ports.kafkaController());
        ready("Kafka", "127.0.0.1:" + ports.kafka());
    }

    private int kafkaPort() {
        return layout.detour().map(Detour::kafka).orElse(ports.kafka());
    }

    private void startPostgres() {
        postgres = PostgresServer.start(
                data.resolve("postgres"),
                logs().resolve("postgres.log"),
                ports.postgres(),
                secrets.password("postgres"));
        SERVICES.forEach(service -> database(databaseOf(service)));
        ready("PostgreSQL", "127.0.0.1:" + ports.postgres());
    }

    private void startMailbox() {
        mailbox = Mailbox.start(data.resolve("mailbox"), ports.smtp(), ports.mailbox());
        ready("Mailbox", Ports.url(ports.mailbox()));
    }

    private static String databaseOf(String service) {
        return service.replace('-', '_');
    }

    private void launch(String instance, String service, Map<String, String> settings) {
        int port = instancePorts.get(instance);
        Path log = logs().resolve(instance.replace(' ', '-') + ".log");
        services.put(
                instance,
                ServiceProcess.start(java, options, home, service, port, log, environment(service, settings)));
    }

    private Map<String, String> environment(String name, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + kafkaPort());
        environment.put("COUNTERSIGN_PUBLIC_URL", Ports.url(ports.signatureService()));
        environment.put("COUNTERSIGN_NOTIFIER_PASSWORD", notifierPassword());
        environment.put(
                "SPRING_DATASOURCE_URL",
                PostgresServer.url(layout.detour().map(Detour::postgres).orElse(ports.postgres()), databaseOf(name)));
        environment.put("SPRING_DATASOURCE_USERNAME", databaseOf(name));
        environment.put("SPRING_DATASOURCE_PASSWORD", secrets.password("postgres." + databaseOf(name)));
        environment.putAll(ownEnvironment(name));
        return environment;
    }

    private Map<String, String> ownEnvironment(String service) {
        return switch (service) {
            case "signature-service" ->
                Map.of(
                        "COUNTERSIGN_KEYS_SIGNATURE_ID", "1:" + secrets.key("signature-id"),
                        "COUNTERSIGN_KEYS_PERSONAL_DATA", "1:" + secrets.key("personal-data"),
                        "COUNTERSIGN_KEYS_TOKEN", "1:" + secrets.key("token"),
                        "COUNTERSIGN_KEYS_LOG", "1:" + secrets.key("log"),
                        "COUNTERSIGN_COUNTER_PUBLIC_URL", Ports.url(ports.counterProjection()),
                        "COUNTERSIGN_COUNTER_INTERNAL_URL", "http://127.0.0.1:" + ports.counterProjection(),
                        "COUNTERSIGN_NOTIFIER_INTERNAL_URL", "http://127.0.0.1:" + ports.notifier(),
                        // All of a trial's load comes from one address.
                        "COUNTERSIGN_LIMIT_PER_MINUTE", "0");
            case "counter-projection" ->
                Map.of(
                        "COUNTERSIGN_CORS_ORIGINS",
                        Ports.url(ports.signatureService()) + ",http://127.0.0.1:" + ports.signatureService());
            default ->
                Map.of(
                        "COUNTERSIGN_KEYS_WEBHOOK", secrets.key("webhook"),
                        "COUNTERSIGN_SIGNATURE_SERVICE_URL",
                                "http://127.0.0.1:"
                                        + layout.detour()
                                                .map(Detour::signatureService)
                                                .orElse(ports.signatureService()),
                        "COUNTERSIGN_WEBHOOK_ALLOW_LOOPBACK", "true",
                        "SPRING_MAIL_HOST",
                                Optional.ofNullable(System.getenv("SPRING_MAIL_HOST"))
                                        .orElse("127.0.0.1"),
                        "SPRING_MAIL_PORT",
                                layout.detour()
                                        .map(detour -> Integer.toString(detour.smtp()))
                                        .or(() -> Optional.ofNullable(System.getenv("SPRING_MAIL_PORT")))
                                        .orElse(Integer.toString(ports.smtp())));
        };
    }

    private void ready(String part, String where) {
        told.accept(part, "ready   " + where);
    }

    /** Starts an instance again whenever it ends without having been told to. */
    private void watch(String instance, String service, Map<String, String> settings) {
        ServiceProcess watched = services.get(instance);
        watched.onEnd(() -> startAgain(instance, service, settings, watched));
    }

    private synchronized void startAgain(
            String instance, String service, Map<String, String> settings, ServiceProcess ended) {
        // What was stopped is not among the services any more.
        if (services.get(instance) != ended) {
            return;
        }
        endedByItself(instance);
        launch(instance, service, settings);
        watch(instance, service, settings);
    }

    private void watch(PostgresServer watched) {
        watched.process()
                .onExit()
                .thenRun(() -> startAgain("PostgreSQL", () -> {
                    // Lets go of the data directory, and waits for the processes that the first one left behind.
                    watched.close();
                    startPostgres();
                    watch(postgres);
                }));
    }

    private void watch(KafkaBroker watched) {
        watched.process()
                .onExit()
                .thenRun(() -> startAgain("Kafka", () -> {
                    startKafka();
                    watch(kafka);
                }));
    }

    private synchronized void startAgain(String server, Runnable start) {
        for (int attempt = 1; !closed && attempt <= ATTEMPTS; attempt++) {
            endedByItself(server);
            try {
                start.run();
                return;
            } catch (IllegalStateException | UncheckedIOException e) {
                told.accept(server, "does not start: " + e.getMessage());
            }
        }
    }

    /** It is not started again at once, should it end at each start. */
    private void endedByItself(String part) {
        told.accept(part, "ended by itself and is started again");
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Path logs() {
        return data.resolve("logs");
    }

    /** Stops what was started, the services first, so that each can finish what it does. */
    @Override
    public void close() {
        ServiceProcess.stop(removeAll());
        balancers.forEach(LoadBalancer::close);
        if (mailbox != null) {
            mailbox.close();
        }
        if (kafka != null) {
            kafka.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }

    private synchronized List<ServiceProcess> removeAll() {
        closed = true;
        List<ServiceProcess> all = List.copyOf(services.values());
        services.clear();
        return all;
    }
}
