package org.countersign.cli.up;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.countersign.cli.Ports;
import org.countersign.embedded.KafkaBroker;
import org.countersign.embedded.Mailbox;
import org.countersign.embedded.PostgresServer;

/** The embedded stack: PostgreSQL, Kafka, a mailbox and the services, each in a process of its own but for the mailbox. */
public final class Stack implements AutoCloseable {

    /** A database of the stack, and the role that owns it. */
    public record Database(String url, String user, String password) {

        /** The password opens it: not shown. */
        @Override
        public String toString() {
            return "Database[" + url + "]";
        }
    }

    private static final List<String> SERVICES = List.of("signature-service", "counter-projection", "notifier");

    private final Ports ports;
    private final Path home;
    private final Path data;
    private final Secrets secrets;
    private final List<String> options;
    private final BiConsumer<String, String> told;
    private final Jdk java = Jdk.newest();
    private final Map<String, ServiceProcess> services = new ConcurrentHashMap<>();
    private PostgresServer postgres;
    private KafkaBroker kafka;
    private Mailbox mailbox;

    /**
     * @param home    the project's directory, with the built services in it
     * @param data    where everything is kept
     * @param options for the services' Java virtual machines
     * @param told    told of each part what becomes of it: its name, and that it is ready and where, or that it has ended
     */
    public Stack(Ports ports, Path home, Path data, List<String> options, BiConsumer<String, String> told) {
        this.ports = ports;
        this.home = home;
        this.data = data;
        this.secrets = Secrets.in(data);
        this.options = options;
        this.told = told;
    }

    /**
     * Starts all parts and returns when all are ready. A service that ends after that is started again.
     *
     * @param settings environment variables: the passwords of organiser and auditor, as far as they are known, and whatever else the services are to have
     * @throws org.countersign.cli.UserException if a part does not start; the message says where to read why
     */
    public void start(Map<String, String> settings) throws InterruptedException {
        CompletableFuture<Void> broker = CompletableFuture.runAsync(this::startKafka);
        // The services wait for what they need, so they can load meanwhile.
        SERVICES.forEach(name -> launch(name, settings));
        startPostgres();
        startMailbox();
        join(broker);
        for (String name : SERVICES) {
            awaitReady(name);
            watch(name, settings);
        }
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
     * @throws org.countersign.cli.UserException if it does not start; the message says where to read why
     */
    public void startService(String name, Map<String, String> settings) throws InterruptedException {
        launch(name, settings);
        awaitReady(name);
    }

    /**
     * Starts one more instance of a service, on a port of its own, and returns when it is ready.
     *
     * @param settings as for {@link #start}
     * @throws org.countersign.cli.UserException if it does not start; the message says where to read why
     */
    public void startAnother(String name, int port, Map<String, String> settings) throws InterruptedException {
        String instance = name + " on port " + port;
        services.put(instance, ServiceProcess.start(java, options, home, name, port, logs(), environment(name, settings)));
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

    /** A database of the name given, made if it is not there. Each service has one named like itself, with underscores. */
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
        kafka = KafkaBroker.start(java.launcher(), data.resolve("kafka"), logs().resolve("kafka.log"), ports.kafka(), ports.kafkaController());
        ready("Kafka", "127.0.0.1:" + ports.kafka());
    }

    private void startPostgres() {
        postgres = PostgresServer.start(data.resolve("postgres"), logs().resolve("postgres.log"), ports.postgres(), secrets.password("postgres"));
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

    private void launch(String name, Map<String, String> settings) {
        services.put(name, ServiceProcess.start(java, options, home, name, port(name), logs(), environment(name, settings)));
    }

    private Map<String, String> environment(String name, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + ports.kafka());
        environment.put("COUNTERSIGN_PUBLIC_URL", Ports.url(ports.signatureService()));
        environment.put("COUNTERSIGN_NOTIFIER_PASSWORD", notifierPassword());
        environment.put("SPRING_DATASOURCE_URL", PostgresServer.url(ports.postgres(), databaseOf(name)));
        environment.put("SPRING_DATASOURCE_USERNAME", databaseOf(name));
        environment.put("SPRING_DATASOURCE_PASSWORD", secrets.password("postgres." + databaseOf(name)));
        environment.putAll(ownEnvironment(name));
        return environment;
    }

    private Map<String, String> ownEnvironment(String service) {
        return switch (service) {
            case "signature-service" -> Map.of(
                    "COUNTERSIGN_KEYS_SIGNATURE_ID", "1:" + secrets.key("signature-id"),
                    "COUNTERSIGN_KEYS_PERSONAL_DATA", "1:" + secrets.key("personal-data"),
                    "COUNTERSIGN_KEYS_TOKEN", "1:" + secrets.key("token"),
                    "COUNTERSIGN_KEYS_LOG", "1:" + secrets.key("log"),
                    "COUNTERSIGN_COUNTER_PUBLIC_URL", Ports.url(ports.counterProjection()),
                    "COUNTERSIGN_COUNTER_INTERNAL_URL", "http://127.0.0.1:" + ports.counterProjection(),
                    "COUNTERSIGN_NOTIFIER_INTERNAL_URL", "http://127.0.0.1:" + ports.notifier(),
                    // All of a trial's load comes from one address.
                    "COUNTERSIGN_LIMIT_PER_MINUTE", "0");
            case "counter-projection" -> Map.of(
                    "COUNTERSIGN_CORS_ORIGINS", Ports.url(ports.signatureService()) + ",http://127.0.0.1:" + ports.signatureService());
            default -> Map.of(
                    "COUNTERSIGN_KEYS_WEBHOOK", secrets.key("webhook"),
                    "COUNTERSIGN_SIGNATURE_SERVICE_URL", "http://127.0.0.1:" + ports.signatureService(),
                    "COUNTERSIGN_WEBHOOK_ALLOW_LOOPBACK", "true",
                    "SPRING_MAIL_HOST", Optional.ofNullable(System.getenv("SPRING_MAIL_HOST")).orElse("127.0.0.1"),
                    "SPRING_MAIL_PORT", Optional.ofNullable(System.getenv("SPRING_MAIL_PORT")).orElse(Integer.toString(ports.smtp())));
        };
    }

    private void awaitReady(String name) throws InterruptedException {
        services.get(name).awaitReady();
        ready(name, Ports.url(port(name)));
    }

    private void ready(String part, String where) {
        told.accept(part, "ready   " + where);
    }

    /** Starts a service again whenever it ends without having been told to. */
    private void watch(String name, Map<String, String> settings) {
        ServiceProcess watched = services.get(name);
        watched.onEnd(() -> startAgain(name, settings, watched));
    }

    private synchronized void startAgain(String name, Map<String, String> settings, ServiceProcess ended) {
        // What was stopped is not among the services any more.
        if (services.get(name) != ended) {
            return;
        }
        told.accept(name, "ended by itself and is started again");
        pause();
        launch(name, settings);
        watch(name, settings);
    }

    /** Not at once, should it end at each start. */
    private static void pause() {
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
        List<ServiceProcess> all = List.copyOf(services.values());
        services.clear();
        return all;
    }
}
