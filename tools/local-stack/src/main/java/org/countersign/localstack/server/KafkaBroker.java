package org.countersign.localstack.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;
import org.countersign.localstack.net.Endpoint;

/** A Kafka broker (KRaft) in a separate process on loopback, with unlimited retention. */
public final class KafkaBroker implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final Process process;
    private final Endpoint endpoint;
    private final Path log;
    private final Map<String, Object> access;

    private KafkaBroker(Process process, Endpoint endpoint, Path log, Map<String, Object> access) {
        this.process = process;
        this.endpoint = endpoint;
        this.log = log;
        this.access = access;
    }

    /** Starts a broker without a proxy in front of it. */
    public static KafkaBroker start(Path java, Path data, Path log, int port, int controllerPort) {
        return start(java, data, log, port, port, controllerPort);
    }

    /**
     * Starts a broker and waits until it responds. It uses the class path of this program.
     *
     * @param java the Java launcher to run it with
     * @param data the directory for its data, which may already exist
     * @param log the file for its output
     * @param port the TCP port for clients on 127.0.0.1
     * @param advertised the TCP port that the broker advertises to clients, for example that of a proxy
     * @param controllerPort the TCP port of its controller
     * @throws IllegalStateException if it does not start
     */
    public static KafkaBroker start(Path java, Path data, Path log, int port, int advertised, int controllerPort) {
        return start(
                java, data, log, port, settings(data.resolve("records"), port, advertised, controllerPort), Map.of());
    }

    /**
     * Starts a broker with given settings and waits until it responds.
     *
     * @param properties its server.properties. The log directory is {@code records} in the directory for its data
     * @param access the settings of a client that may describe the cluster
     * @throws IllegalStateException if it does not start
     */
    static KafkaBroker start(Path java, Path data, Path log, int port, String properties, Map<String, Object> access) {
        KafkaBroker broker = launch(java, data, log, Endpoint.loopback(port), Uuid.randomUuid(), properties, access);
        broker.awaitReady();
        return broker;
    }

    /** Starts the process of a broker, see {@link #awaitReady}. */
    static KafkaBroker launch(
            Path java,
            Path data,
            Path log,
            Endpoint endpoint,
            Uuid cluster,
            String properties,
            Map<String, Object> access) {
        try {
            Files.createDirectories(data);
            Files.createDirectories(log.toAbsolutePath().getParent());
            Path settings = data.resolve("server.properties");
            Files.writeString(settings, properties);
            if (!Files.exists(data.resolve("records").resolve("meta.properties"))) {
                format(settings, cluster);
            }
            List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx320m", "-Xms64m"));
            command.addAll(Processes.JAVA_OPTIONS);
            command.addAll(Processes.FAST_START_OPTIONS);
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), "kafka.Kafka", settings.toString()));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new KafkaBroker(process, endpoint, log, access);
        } catch (IOException e) {
            throw new UncheckedIOException("Kafka did not start", e);
        }
    }

    private static String settings(Path records, int port, int advertised, int controllerPort) {
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%4$d
                log.dirs=%3$s
                log.flush.interval.ms=1000
                """.formatted(port, controllerPort, records, advertised) + commonSettings(1, 1);
    }

    /**
     * Returns the settings that a single broker and the members of a cluster have in common.
     *
     * @param replicas the number of brokers that keep a record
     * @param minInSync the number of them that must have it before it is acknowledged
     */
    static String commonSettings(int replicas, int minInSync) {
        return """
                controller.listener.names=CONTROLLER
                auto.create.topics.enable=false
                default.replication.factor=%1$d
                min.insync.replicas=%2$d
                offsets.topic.replication.factor=%1$d
                offsets.topic.num.partitions=4
                offsets.retention.minutes=525600
                transaction.state.log.replication.factor=%1$d
                transaction.state.log.min.isr=%2$d
                transaction.state.log.num.partitions=4
                share.coordinator.state.topic.replication.factor=%1$d
                share.coordinator.state.topic.min.isr=%2$d
                group.initial.rebalance.delay.ms=0
                log.retention.ms=-1
                num.network.threads=2
                num.io.threads=2
                """.formatted(replicas, minInSync);
    }

    private static void format(Path settings, Uuid cluster) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        int status = StorageTool.execute(
                new String[] {"format", "--cluster-id", cluster.toString(), "--config", settings.toString()},
                new PrintStream(output, true, StandardCharsets.UTF_8));
        if (status != 0) {
            throw new IllegalStateException(
                    "Cannot format Kafka's storage: " + output.toString(StandardCharsets.UTF_8));
        }
    }

    /**
     * Waits until the broker responds.
     *
     * @throws IllegalStateException if it does not start
     */
    public void awaitReady() {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        Map<String, Object> client = new HashMap<>(access);
        client.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
        client.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 100);
        try (Admin admin = Admin.create(client)) {
            while (process.isAlive() && System.nanoTime() < deadline) {
                try {
                    if (!admin.describeCluster()
                            .nodes()
                            .get(5, TimeUnit.SECONDS)
                            .isEmpty()) {
                        return;
                    }
                } catch (ExecutionException | TimeoutException notYet) {
                    Thread.sleep(50);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
        throw new IllegalStateException("Kafka did not start. The last lines of " + log + ":\n" + LogTail.of(log));
    }

    /** Returns the bootstrap servers for clients. */
    public String bootstrapServers() {
        return endpoint.toString();
    }

    /** Returns the broker's process. */
    public ProcessHandle process() {
        return process.toHandle();
    }

    /** Stops the broker, and kills it after 20 seconds. */
    @Override
    public void close() {
        closeAll(List.of(this));
    }

    /** Stops brokers at the same time. One after the other, the last would wait for a quorum that has ended. */
    public static void closeAll(List<KafkaBroker> brokers) {
        Processes.stop(brokers.stream().map(broker -> broker.process).toList(), STOP_TIMEOUT);
    }
}
