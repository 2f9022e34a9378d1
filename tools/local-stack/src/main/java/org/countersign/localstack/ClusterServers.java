package org.countersign.localstack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.net.Endpoint;
import org.countersign.localstack.net.Route;
import org.countersign.localstack.server.KafkaBroker;
import org.countersign.localstack.server.KafkaCluster;
import org.countersign.localstack.server.PostgresCluster;
import org.countersign.localstack.server.PostgresDatabases;

/**
 * A PostgreSQL primary with a synchronous standby, and three Kafka brokers. The parts with number N are at the address
 * 127.0.1.N, as if it were a machine of its own.
 */
final class ClusterServers implements StackServers {

    /** The number of Kafka brokers. */
    static final int BROKERS = 3;
    /** The directory of PostgreSQL's data in the directory of the stack. */
    static final String POSTGRES_DIRECTORY = "postgres-cluster";

    /** The id of every local cluster. It has no meaning outside its data. */
    private static final Uuid CLUSTER = new Uuid(0x636f756e74657273L, 0x69676e2d6c6f6361L);

    private final Path data;
    private final List<Endpoint> postgresEndpoints;
    private final Route route;
    private final BiConsumer<String, String> statusListener;
    private final InstalledJdk java = InstalledJdk.newest();
    private final KafkaCluster cluster;
    private final Map<String, KafkaBroker> brokers = new ConcurrentHashMap<>();
    private final PostgresCluster postgres;
    private volatile boolean closed;

    ClusterServers(
            Ports ports,
            Path data,
            Route route,
            PostgresCluster.CommitPolicy policy,
            StackSecrets secrets,
            BiConsumer<String, String> statusListener) {
        this.data = data;
        this.route = route;
        this.statusListener = statusListener;
        this.postgresEndpoints = postgresEndpoints(ports);
        this.postgres = new PostgresCluster(
                new PostgresCluster.ClusterSettings(
                        data.resolve(POSTGRES_DIRECTORY),
                        postgresEndpoints,
                        route,
                        data.resolve("logs").resolve("postgres"),
                        policy,
                        secrets.password("postgres"),
                        secrets.password("postgres.replicator")),
                statusListener);
        this.cluster = new KafkaCluster(CLUSTER, members(ports), route);
    }

    private static List<Endpoint> postgresEndpoints(Ports ports) {
        return List.of(StackLayout.onMachine(1, ports.postgres()), StackLayout.onMachine(2, ports.postgres()));
    }

    private static List<KafkaCluster.Member> members(Ports ports) {
        return IntStream.rangeClosed(1, BROKERS)
                .mapToObj(number -> new KafkaCluster.Member(
                        number,
                        StackLayout.onMachine(number, ports.kafka()),
                        StackLayout.onMachine(number, ports.kafkaController())))
                .toList();
    }

    /** Returns the endpoints at which each server listens. */
    static Map<String, List<Endpoint>> endpoints(Ports ports) {
        Map<String, List<Endpoint>> endpoints = new LinkedHashMap<>();
        List<Endpoint> postgres = postgresEndpoints(ports);
        for (int i = 0; i < postgres.size(); i++) {
            endpoints.put(PostgresCluster.parts().get(i), List.of(postgres.get(i)));
        }
        members(ports).forEach(member -> endpoints.put(part(member), List.of(member.clients(), member.controller())));
        return endpoints;
    }

    @Override
    public void startPostgres() {
        postgres.start();
        statusListener.accept(
                postgres.primary(), "ready   " + postgresEndpoints.get(0) + " and " + postgresEndpoints.get(1));
    }

    @Override
    public void startKafka() {
        List<CompletableFuture<Void>> starts = new ArrayList<>();
        for (KafkaCluster.Member member : cluster.members()) {
            starts.add(CompletableFuture.runAsync(() -> start(member)));
        }
        starts.forEach(LocalStack::join);
    }

    private void start(KafkaCluster.Member member) {
        KafkaBroker broker = cluster.launch(
                java.launcher(),
                data.resolve("kafka-" + member.id()),
                logs().resolve("kafka-" + member.id() + ".log"),
                member);
        brokers.put(part(member), broker);
        if (closed) {
            // close() may not have seen it.
            broker.close();
            return;
        }
        broker.awaitReady();
        statusListener.accept(part(member), LocalStack.readyAt(member.clients()));
    }

    private static String part(KafkaCluster.Member member) {
        return SingleServers.KAFKA + "-" + member.id();
    }

    private Path logs() {
        return data.resolve("logs");
    }

    @Override
    public void restartOnExit() {
        cluster.members().forEach(this::restartOnExit);
    }

    private void restartOnExit(KafkaCluster.Member member) {
        broker(part(member)).process().onExit().thenRun(() -> restart(member));
    }

    private void restart(KafkaCluster.Member member) {
        while (!closed) {
            LocalStack.reportRestart(part(member), statusListener);
            if (closed) {
                return;
            }
            try {
                start(member);
                restartOnExit(member);
                return;
            } catch (IllegalStateException e) {
                statusListener.accept(part(member), "did not start: " + e.getMessage());
            }
        }
    }

    /** Returns PostgreSQL with its supervisor. */
    PostgresCluster postgres() {
        return postgres;
    }

    private KafkaBroker broker(String part) {
        return Objects.requireNonNull(brokers.get(part), () -> part + " is not started");
    }

    @Override
    public List<String> parts() {
        return Stream.concat(
                        PostgresCluster.parts().stream(),
                        cluster.members().stream().map(ClusterServers::part))
                .toList();
    }

    @Override
    public Optional<ProcessHandle> process(String part) {
        return PostgresCluster.parts().contains(part)
                ? postgres.process(part)
                : Optional.ofNullable(brokers.get(part))
                        .map(KafkaBroker::process)
                        .filter(ProcessHandle::isAlive);
    }

    @Override
    public boolean isReady(String part) {
        return PostgresCluster.parts().contains(part)
                ? postgres.isReady(part)
                : process(part).isPresent();
    }

    @Override
    public PostgresDatabases databases() {
        return postgres.databases();
    }

    @Override
    public String url(String database) {
        return postgres.url(database);
    }

    @Override
    public String bootstrapServers() {
        return cluster.bootstrapServers();
    }

    @Override
    public String urlForServices(String database) {
        return PostgresCluster.url(postgresEndpoints, route, database);
    }

    @Override
    public String bootstrapServersForServices() {
        return cluster.bootstrapServers();
    }

    @Override
    public void close() {
        closed = true;
        List<KafkaBroker> all = List.copyOf(brokers.values());
        KafkaBroker.closeAll(all);
        postgres.close();
    }
}
