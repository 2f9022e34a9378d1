package org.countersign.localstack;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.net.Endpoint;
import org.countersign.localstack.net.Route;
import org.countersign.localstack.server.KafkaBroker;
import org.countersign.localstack.server.PostgresDatabases;
import org.countersign.localstack.server.PostgresServer;
import org.jspecify.annotations.Nullable;

/** One PostgreSQL server and one Kafka broker. Each is restarted when it ends unexpectedly. */
final class SingleServers implements StackServers {

    static final String POSTGRES = "PostgreSQL";
    static final String KAFKA = "Kafka";

    private static final int MAX_RESTART_ATTEMPTS = 20;

    private final Ports ports;
    private final Path data;
    private final Route route;
    private final StackSecrets secrets;
    private final BiConsumer<String, String> statusListener;
    private final InstalledJdk java = InstalledJdk.newest();
    /** Servers that were stopped on purpose. */
    private final Set<Object> retired = ConcurrentHashMap.newKeySet();

    private volatile @Nullable PostgresServer postgres;
    private volatile @Nullable KafkaBroker kafka;
    private boolean closed;

    SingleServers(
            Ports ports, Path data, Route route, StackSecrets secrets, BiConsumer<String, String> statusListener) {
        this.ports = ports;
        this.data = data;
        this.route = route;
        this.secrets = secrets;
        this.statusListener = statusListener;
    }

    @Override
    public void startPostgres() {
        postgres = PostgresServer.start(
                data.resolve("postgres"),
                logs().resolve("postgres.log"),
                ports.postgres(),
                secrets.password("postgres"));
        statusListener.accept(POSTGRES, LocalStack.readyAt(Endpoint.loopback(ports.postgres())));
    }

    @Override
    public void startKafka() {
        kafka = KafkaBroker.start(
                java.launcher(),
                data.resolve("kafka"),
                logs().resolve("kafka.log"),
                ports.kafka(),
                route.to(Endpoint.loopback(ports.kafka())).port(),
                ports.kafkaController());
        statusListener.accept(KAFKA, LocalStack.readyAt(Endpoint.loopback(ports.kafka())));
    }

    private Path logs() {
        return data.resolve("logs");
    }

    @Override
    public void restartOnExit() {
        restartOnExit(postgres());
        restartOnExit(broker());
    }

    private void restartOnExit(PostgresServer watched) {
        watched.process()
                .onExit()
                .thenRun(() -> restart(POSTGRES, watched, () -> {
                    // close() releases the data directory and waits for the remaining child processes.
                    watched.close();
                    startPostgres();
                    restartOnExit(postgres());
                }));
    }

    private void restartOnExit(KafkaBroker watched) {
        watched.process()
                .onExit()
                .thenRun(() -> restart(KAFKA, watched, () -> {
                    startKafka();
                    restartOnExit(broker());
                }));
    }

    private synchronized void restart(String server, Object ended, Runnable start) {
        if (retired.remove(ended)) {
            return;
        }
        for (int attempt = 1; !closed && attempt <= MAX_RESTART_ATTEMPTS; attempt++) {
            LocalStack.reportRestart(server, statusListener);
            try {
                start.run();
                return;
            } catch (IllegalStateException | UncheckedIOException e) {
                statusListener.accept(server, "did not start: " + e.getMessage());
            }
        }
    }

    /** Stops a server, runs an action on its data, and starts the server again. */
    synchronized void whileStopped(String server, Runnable action) {
        if (server.equals(POSTGRES)) {
            retired.add(postgres());
            postgres().close();
            action.run();
            startPostgres();
            restartOnExit(postgres());
        } else {
            retired.add(broker());
            broker().close();
            action.run();
            startKafka();
            restartOnExit(broker());
        }
    }

    @Override
    public List<String> parts() {
        return List.of(POSTGRES, KAFKA);
    }

    @Override
    public Optional<ProcessHandle> process(String part) {
        ProcessHandle process = part.equals(POSTGRES) ? postgres().process() : broker().process();
        return Optional.of(process).filter(ProcessHandle::isAlive);
    }

    @Override
    public boolean isReady(String part) {
        return process(part).isPresent();
    }

    @Override
    public PostgresDatabases databases() {
        return postgres().databases();
    }

    @Override
    public String url(String database) {
        return postgres().url(database);
    }

    @Override
    public String bootstrapServers() {
        return broker().bootstrapServers();
    }

    @Override
    public String urlForServices(String database) {
        return PostgresServer.url(route.to(Endpoint.loopback(ports.postgres())), database);
    }

    @Override
    public String bootstrapServersForServices() {
        return route.to(Endpoint.loopback(ports.kafka())).toString();
    }

    private PostgresServer postgres() {
        return Objects.requireNonNull(postgres, "PostgreSQL is not started");
    }

    private KafkaBroker broker() {
        return Objects.requireNonNull(kafka, "Kafka is not started");
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        if (kafka != null) {
            kafka.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }
}
