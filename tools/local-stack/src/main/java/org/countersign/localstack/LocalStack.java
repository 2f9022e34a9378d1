package org.countersign.localstack;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.server.FreePorts;
import org.countersign.localstack.server.KafkaBroker;
import org.countersign.localstack.server.Mailbox;
import org.countersign.localstack.server.PostgresServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The local stack: PostgreSQL, Kafka, a mailbox and the services. Each has a separate process, except the mailbox.
 *
 * <p>The stack restarts every process that ends unexpectedly. {@link ServiceEnvironment} contains the configuration of
 * the services.
 */
public final class LocalStack implements AutoCloseable {

    /** The names of the services. */
    public static final List<String> SERVICES = List.of("signature-service", "counter-projection", "notifier");

    /** The names of the servers that the services need. */
    public static final List<String> SERVERS = List.of("PostgreSQL", "Kafka");

    private static final int MAX_RESTART_ATTEMPTS = 20;
    private static final long RESTART_DELAY_MILLIS = 1000;

    private final Ports ports;
    private final Path home;
    private final Path data;
    private final StackSecrets secrets;
    private final ServiceEnvironment environment;
    private final List<String> options;
    private final StackLayout layout;
    private final BiConsumer<String, String> statusListener;
    private final InstalledJdk java = InstalledJdk.newest();
    private final Map<String, ServiceProcess> services = new ConcurrentHashMap<>();
    private final Map<String, LoadBalancer.Instance> instancePorts = new ConcurrentHashMap<>();
    /** Servers that were stopped on purpose. */
    private final Set<Object> retired = ConcurrentHashMap.newKeySet();

    private final List<LoadBalancer> balancers = new ArrayList<>();
    private volatile @Nullable PostgresServer postgres;
    private volatile @Nullable KafkaBroker kafka;
    private @Nullable Mailbox mailbox;
    private boolean closed;

    /**
     * Creates a stack without starting it.
     *
     * @param home the project's directory with the built services
     * @param data the directory for all data
     * @param options options for the services' Java virtual machines
     * @param statusListener receives the name of a part and its new status
     */
    public LocalStack(
            Ports ports,
            Path home,
            Path data,
            List<String> options,
            StackLayout layout,
            BiConsumer<String, String> statusListener) {
        this.ports = ports;
        this.home = home;
        this.data = data;
        this.secrets = StackSecrets.in(data);
        this.environment = new ServiceEnvironment(ports, layout, secrets);
        this.options = options;
        this.layout = layout;
        this.statusListener = statusListener;
    }

    /**
     * Starts all parts and returns when all are ready. The stack restarts parts that end later.
     *
     * @param settings environment variables of the services, such as the passwords of organiser and auditor
     * @throws org.countersign.localstack.client.UserException if a part does not start. The message names its log file.
     */
    public void start(Map<String, String> settings) throws InterruptedException {
        // SLF4J prints a warning if several threads log first at the same time.
        LoggerFactory.getILoggerFactory();
        CompletableFuture<Void> broker = CompletableFuture.runAsync(this::startKafka);
        // The services wait for their servers, so they can load during this time.
        SERVICES.forEach(service -> launchAll(service, settings));
        startPostgres();
        startMailbox();
        join(broker);
        restartOnExit(postgres());
        restartOnExit(broker());
        for (String service : SERVICES) {
            String status = "ready   " + Ports.url(ports.service(service));
            for (String instance : instances(service)) {
                status = service(instance).awaitReady().orElse(status);
                restartOnExit(instance, service, settings);
            }
            statusListener.accept(service, status);
        }
    }

    private void launchAll(String service, Map<String, String> settings) {
        if (instances(service).size() == 1) {
            instancePorts.put(service, new LoadBalancer.Instance(ports.service(service), ports.management(service)));
        } else {
            List<LoadBalancer.Instance> behind = new ArrayList<>();
            List<LoadBalancer.Instance> management = new ArrayList<>();
            for (String instance : instances(service)) {
                LoadBalancer.Instance ports = new LoadBalancer.Instance(FreePorts.any(), FreePorts.any());
                instancePorts.put(instance, ports);
                behind.add(ports);
                management.add(new LoadBalancer.Instance(ports.management(), ports.management()));
            }
            balancers.add(LoadBalancer.start(ports.service(service), behind));
            balancers.add(LoadBalancer.start(ports.management(service), management));
        }
        instances(service).forEach(instance -> launch(instance, service, settings));
    }

    /** Returns the names of a service's instances: the service's name, with a number if there are several. */
    public List<String> instances(String service) {
        return layout.instances(service);
    }

    /**
     * Returns the process of a part, which is an instance of a service or a server.
     *
     * @return empty during a restart of the part
     */
    public Optional<ProcessHandle> process(String part) {
        ProcessHandle process = switch (part) {
            case "PostgreSQL" -> postgres().process();
            case "Kafka" -> broker().process();
            default -> service(part).process();
        };
        return Optional.of(process).filter(ProcessHandle::isAlive);
    }

    /** Returns whether a service reports that it is ready, or whether a server is running. */
    public boolean isReady(String part) {
        return SERVERS.contains(part)
                ? process(part).isPresent()
                : service(part).isReady();
    }

    /** Starts PostgreSQL and Kafka, but no service. */
    public void startServers() {
        startKafka();
        startPostgres();
    }

    /**
     * Starts a service and returns when it is ready. PostgreSQL and Kafka must be running.
     *
     * @param settings as for {@link #start}
     * @throws org.countersign.localstack.client.UserException if it does not start. The message names its log file.
     */
    public void startService(String name, Map<String, String> settings) throws InterruptedException {
        startInstance(name, name, new LoadBalancer.Instance(ports.service(name), ports.management(name)), settings);
        reportReady(name, Ports.url(ports.service(name)));
    }

    /**
     * Starts another instance of a service on the given port and returns when it is ready.
     *
     * @param settings as for {@link #start}
     * @throws org.countersign.localstack.client.UserException if it does not start. The message names its log file.
     */
    public void startInstance(String name, int port, Map<String, String> settings) throws InterruptedException {
        startInstance(name + " on port " + port, name, new LoadBalancer.Instance(port, FreePorts.any()), settings);
    }

    private void startInstance(String instance, String service, LoadBalancer.Instance at, Map<String, String> settings)
            throws InterruptedException {
        instancePorts.put(instance, at);
        launch(instance, service, settings);
        service(instance).awaitReady();
    }

    /** Returns the password with which the services call each other. */
    public String internalPassword() {
        return environment.internalPassword();
    }

    /** Stops a service gracefully. */
    public void stopService(String name) {
        ServiceProcess.stop(List.of(Objects.requireNonNull(services.remove(name), name)), layout.stopTimeout());
    }

    /**
     * Returns a database with this name and creates it if it is missing. A service's database has the name of the
     * service with underscores. The role owns the database; the service has a role with fewer rights.
     */
    public StackDatabase database(String name) {
        String password = environment.databasePassword(name);
        if (SERVICES.stream().map(ServiceEnvironment::databaseOf).noneMatch(name::equals)) {
            postgres().database(name, password);
            return new StackDatabase(postgres().url(name), name, password);
        }
        String owner = PostgresServer.ownerOf(name);
        String ownerPassword = environment.databasePassword(owner);
        postgres().database(name, ownerPassword, password);
        return new StackDatabase(postgres().url(name), owner, ownerPassword);
    }

    /** Returns the keys that authenticate events, as the services are configured with them. */
    public String eventKeys() {
        return environment.eventKeys();
    }

    /** Stops PostgreSQL or Kafka, runs an action on its data, and starts the server again. */
    public synchronized void whileStopped(String server, Runnable action) {
        boolean isPostgres = server.equals("PostgreSQL");
        retired.add(isPostgres ? postgres() : broker());
        if (isPostgres) {
            postgres().close();
            action.run();
            startPostgres();
            restartOnExit(postgres());
        } else {
            broker().close();
            action.run();
            startKafka();
            restartOnExit(broker());
        }
    }

    /** Replaces the database of a service with an empty one, which the service fills at its next start. */
    public void loseDatabase(String service) {
        String name = ServiceEnvironment.databaseOf(service);
        postgres().drop(name);
        database(name);
    }

    /** Returns the bootstrap servers for clients of Kafka. */
    public String kafka() {
        return broker().bootstrapServers();
    }

    private static void join(CompletableFuture<Void> future) {
        try {
            future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void startKafka() {
        kafka = KafkaBroker.start(
                java.launcher(),
                data.resolve("kafka"),
                logs().resolve("kafka.log"),
                ports.kafka(),
                environment.kafkaPort(),
                ports.kafkaController());
        reportReady("Kafka", "127.0.0.1:" + ports.kafka());
    }

    private void startPostgres() {
        postgres = PostgresServer.start(
                data.resolve("postgres"),
                logs().resolve("postgres.log"),
                ports.postgres(),
                secrets.password("postgres"));
        SERVICES.forEach(service -> database(ServiceEnvironment.databaseOf(service)));
        reportReady("PostgreSQL", "127.0.0.1:" + ports.postgres());
    }

    private void startMailbox() {
        mailbox = Mailbox.start(data.resolve("mailbox"), ports.smtp(), ports.mailbox());
        reportReady("Mailbox", Ports.url(ports.mailbox()));
    }

    private void launch(String instance, String service, Map<String, String> settings) {
        LoadBalancer.Instance at = Objects.requireNonNull(instancePorts.get(instance), instance);
        Path log = logs().resolve(instance.replace(' ', '-') + ".log");
        services.put(
                instance,
                ServiceProcess.start(
                        java, options, home, service, at, log, environment.of(service, settings), layout.training()));
    }

    private void reportReady(String part, String where) {
        statusListener.accept(part, "ready   " + where);
    }

    /** Restarts an instance each time it ends unexpectedly. */
    private void restartOnExit(String instance, String service, Map<String, String> settings) {
        ServiceProcess watched = service(instance);
        watched.onEnd(() -> restart(instance, service, settings, watched));
    }

    private synchronized void restart(
            String instance, String service, Map<String, String> settings, ServiceProcess ended) {
        // stopService and close remove a service before they stop it.
        if (services.get(instance) != ended) {
            return;
        }
        reportRestart(instance);
        launch(instance, service, settings);
        restartOnExit(instance, service, settings);
    }

    private void restartOnExit(PostgresServer watched) {
        watched.process()
                .onExit()
                .thenRun(() -> restart("PostgreSQL", watched, () -> {
                    // close() releases the data directory and waits for the remaining child processes.
                    watched.close();
                    startPostgres();
                    restartOnExit(postgres());
                }));
    }

    private void restartOnExit(KafkaBroker watched) {
        watched.process()
                .onExit()
                .thenRun(() -> restart("Kafka", watched, () -> {
                    startKafka();
                    restartOnExit(broker());
                }));
    }

    private synchronized void restart(String server, Object ended, Runnable start) {
        if (retired.remove(ended)) {
            return;
        }
        for (int attempt = 1; !closed && attempt <= MAX_RESTART_ATTEMPTS; attempt++) {
            reportRestart(server);
            try {
                start.run();
                return;
            } catch (IllegalStateException | UncheckedIOException e) {
                statusListener.accept(server, "did not start: " + e.getMessage());
            }
        }
    }

    /** Reports a restart and waits, because a part may end at each start. */
    private void reportRestart(String part) {
        statusListener.accept(part, "ended unexpectedly and is restarted");
        try {
            Thread.sleep(RESTART_DELAY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private PostgresServer postgres() {
        return Objects.requireNonNull(postgres, "PostgreSQL is not started");
    }

    private KafkaBroker broker() {
        return Objects.requireNonNull(kafka, "Kafka is not started");
    }

    private ServiceProcess service(String instance) {
        return Objects.requireNonNull(services.get(instance), () -> instance + " is not started");
    }

    private Path logs() {
        return data.resolve("logs");
    }

    /** Stops all parts. The services stop first, so that each can complete its work. */
    @Override
    public void close() {
        ServiceProcess.stop(removeAll(), layout.stopTimeout());
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
