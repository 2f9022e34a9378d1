package org.countersign.cli.up;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.countersign.cli.Ports;
import org.countersign.embedded.KafkaBroker;
import org.countersign.embedded.Mailbox;
import org.countersign.embedded.PostgresServer;

/** The embedded stack. */
final class Stack implements AutoCloseable {

    private final Ports ports;
    private final Path home;
    private final Path data;
    private final Secrets secrets;
    private final BiConsumer<String, String> ready;
    private final Path java = Jdk.newestLauncher();
    private final List<ServiceProcess> services = new ArrayList<>();
    private PostgresServer postgres;
    private KafkaBroker kafka;
    private Mailbox mailbox;

    /**
     * @param home  the project's directory, with the built services in it
     * @param data  where everything is kept
     * @param ready told of each part as it becomes ready: its name and where it is
     */
    Stack(Ports ports, Path home, Path data, BiConsumer<String, String> ready) {
        this.ports = ports;
        this.home = home;
        this.data = data;
        this.secrets = Secrets.in(data);
        this.ready = ready;
    }

    /**
     * Starts all parts and returns when all are ready.
     *
     * @param passwords environment variables with the passwords of organiser and auditor, as far as they are known
     */
    void start(Map<String, String> passwords) throws InterruptedException {
        CompletableFuture<Void> broker = CompletableFuture.runAsync(this::startKafka);
        // The services wait for what they need, so they can load meanwhile.
        startServices(passwords);
        startPostgres();
        startMailbox();
        join(broker);
        for (ServiceProcess service : services) {
            service.awaitReady();
            ready.accept(service.name(), Ports.url(port(service)));
        }
    }

    private static void join(CompletableFuture<Void> future) {
        try {
            future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private int port(ServiceProcess service) {
        return switch (service.name()) {
            case "signature-service" -> ports.signatureService();
            case "counter-projection" -> ports.counterProjection();
            default -> ports.notifier();
        };
    }

    private void startKafka() {
        kafka = KafkaBroker.start(java, data.resolve("kafka"), logs().resolve("kafka.log"), ports.kafka(), ports.kafkaController());
        ready.accept("Kafka", "127.0.0.1:" + ports.kafka());
    }

    private void startPostgres() {
        postgres = PostgresServer.start(data.resolve("postgres"), logs().resolve("postgres.log"), ports.postgres(), secrets.password("postgres"));
        for (String database : List.of("signature_service", "counter_projection", "notifier")) {
            postgres.database(database, secrets.password("postgres." + database));
        }
        ready.accept("PostgreSQL", "127.0.0.1:" + ports.postgres());
    }

    private void startMailbox() {
        mailbox = Mailbox.start(data.resolve("mailbox"), ports.smtp(), ports.mailbox());
        ready.accept("Mailbox", Ports.url(ports.mailbox()));
    }

    private void startServices(Map<String, String> passwords) {
        Map<String, String> common = new HashMap<>(passwords);
        common.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + ports.kafka());
        common.put("COUNTERSIGN_PUBLIC_URL", Ports.url(ports.signatureService()));
        common.put("COUNTERSIGN_NOTIFIER_PASSWORD", secrets.password("notifier"));
        start("signature-service", ports.signatureService(), common, Map.of(
                "COUNTERSIGN_KEYS_SIGNATURE_ID", "1:" + secrets.key("signature-id"),
                "COUNTERSIGN_KEYS_PERSONAL_DATA", "1:" + secrets.key("personal-data"),
                "COUNTERSIGN_KEYS_TOKEN", "1:" + secrets.key("token"),
                "COUNTERSIGN_COUNTER_PUBLIC_URL", Ports.url(ports.counterProjection()),
                "COUNTERSIGN_COUNTER_INTERNAL_URL", "http://127.0.0.1:" + ports.counterProjection(),
                // All of a trial's load comes from one address.
                "COUNTERSIGN_LIMIT_PER_MINUTE", "0"));
        start("counter-projection", ports.counterProjection(), common, Map.of(
                "COUNTERSIGN_CORS_ORIGINS", Ports.url(ports.signatureService()) + ",http://127.0.0.1:" + ports.signatureService()));
        start("notifier", ports.notifier(), common, Map.of(
                "COUNTERSIGN_KEYS_WEBHOOK", secrets.key("webhook"),
                "COUNTERSIGN_SIGNATURE_SERVICE_URL", "http://127.0.0.1:" + ports.signatureService(),
                "COUNTERSIGN_WEBHOOK_ALLOW_LOOPBACK", "true",
                "SPRING_MAIL_HOST", Optional.ofNullable(System.getenv("SPRING_MAIL_HOST")).orElse("127.0.0.1"),
                "SPRING_MAIL_PORT", Optional.ofNullable(System.getenv("SPRING_MAIL_PORT")).orElse(Integer.toString(ports.smtp()))));
    }

    private void start(String name, int port, Map<String, String> common, Map<String, String> own) {
        Map<String, String> environment = new HashMap<>(common);
        environment.putAll(own);
        String database = name.replace('-', '_');
        environment.put("SPRING_DATASOURCE_URL", PostgresServer.url(ports.postgres(), database));
        environment.put("SPRING_DATASOURCE_USERNAME", database);
        environment.put("SPRING_DATASOURCE_PASSWORD", secrets.password("postgres." + database));
        services.add(ServiceProcess.start(java, home, name, port, logs(), environment));
    }

    private Path logs() {
        return data.resolve("logs");
    }

    /** Stops what was started, the services first, so that each can finish what it does. */
    @Override
    public void close() {
        ServiceProcess.stop(services);
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
}
