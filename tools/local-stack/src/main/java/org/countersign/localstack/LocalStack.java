package org.countersign.localstack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.net.Endpoint;
import org.countersign.localstack.server.FreePorts;
import org.countersign.localstack.server.Mailbox;
import org.countersign.localstack.server.PostgresCluster;
import org.countersign.localstack.server.PostgresDatabases;
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

    private static final long RESTART_DELAY_MILLIS = 1000;

    private final Ports ports;
    private final Path data;
    private final StackSecrets secrets;
    private final ServiceEnvironment environment;
    private final ServiceLauncher launcher;
    private final StackLayout layout;
    private final BiConsumer<String, String> statusListener;
    private final Map<String, ServiceProcess> services = new ConcurrentHashMap<>();
    private final Map<String, LoadBalancer.Instance> instancePorts = new ConcurrentHashMap<>();
    private final Map<String, ServiceLauncher> replacedBy = new ConcurrentHashMap<>();
    private final List<LoadBalancer> balancers = new ArrayList<>();
    private final StackServers servers;
    private @Nullable Mailbox mailbox;

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
        this.data = data;
        this.secrets = StackSecrets.in(data);
        this.servers = layout.cluster()
                .<StackServers>map(
                        policy -> new ClusterServers(ports, data, layout.route(), policy, secrets, statusListener))
                .orElseGet(() -> new SingleServers(ports, data, layout.route(), secrets, statusListener));
        this.environment = new ServiceEnvironment(ports, layout, secrets, servers);
        this.launcher = layout.launcher()
                .orElseGet(() -> new BuiltServices(InstalledJdk.newest(), options, home, layout.training()));
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
        CompletableFuture<Void> kafka = CompletableFuture.runAsync(servers::startKafka);
        // The services wait for their servers, so they can load during this time.
        SERVICES.forEach(service -> launchAll(service, settings));
        startPostgres();
        startMailbox();
        join(kafka);
        servers.restartOnExit();
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
            instancePorts.put(service, onlyInstance(service));
        } else {
            List<LoadBalancer.Instance> behind = new ArrayList<>();
            List<LoadBalancer.Instance> management = new ArrayList<>();
            for (String instance : instances(service)) {
                LoadBalancer.Instance listens = oneOfSeveral(service, behind.size() + 1);
                instancePorts.put(instance, listens);
                LoadBalancer.Instance reached = listens.through(layout.route());
                behind.add(reached);
                management.add(new LoadBalancer.Instance(reached.management(), reached.management()));
            }
            balancers.add(LoadBalancer.start(ports.service(service), behind));
            balancers.add(LoadBalancer.start(ports.management(service), management));
        }
        instances(service).forEach(instance -> launch(instance, service, settings));
    }

    private LoadBalancer.Instance onlyInstance(String service) {
        return new LoadBalancer.Instance(
                Endpoint.loopback(ports.service(service)), Endpoint.loopback(ports.management(service)));
    }

    /** In a cluster, each instance is at the address of its machine. */
    private LoadBalancer.Instance oneOfSeveral(String service, int number) {
        return layout.cluster().isPresent()
                ? new LoadBalancer.Instance(
                        StackLayout.onMachine(number, ports.service(service)),
                        StackLayout.onMachine(number, ports.management(service)))
                : new LoadBalancer.Instance(Endpoint.loopback(FreePorts.any()), Endpoint.loopback(FreePorts.any()));
    }

    /** Returns the names of the servers that the services need. */
    public List<String> servers() {
        return servers.parts();
    }

    /** Returns PostgreSQL with its supervisor, if the stack is a cluster. */
    public Optional<PostgresCluster> postgresCluster() {
        return servers instanceof ClusterServers cluster ? Optional.of(cluster.postgres()) : Optional.empty();
    }

    /** Returns the names of a service's instances: the service's name, with a number if there are several. */
    public List<String> instances(String service) {
        return layout.instances(service);
    }

    /**
     * Returns the process of a part, which is an instance of a service or a server.
     *
     * @return empty before its start and during a restart of the part
     */
    public Optional<ProcessHandle> process(String part) {
        return servers.parts().contains(part)
                ? servers.process(part)
                : Optional.ofNullable(services.get(part))
                        .map(ServiceProcess::process)
                        .filter(ProcessHandle::isAlive);
    }

    /** Returns whether a service reports that it is ready, or whether a server is running. */
    public boolean isReady(String part) {
        return servers.parts().contains(part)
                ? servers.isReady(part)
                : service(part).isReady();
    }

    /** Starts PostgreSQL and Kafka, but no service. */
    public void startServers() {
        servers.startKafka();
        startPostgres();
    }

    /**
     * Starts a service and returns when it is ready. PostgreSQL and Kafka must be running.
     *
     * @param settings as for {@link #start}
     * @throws org.countersign.localstack.client.UserException if it does not start. The message names its log file.
     */
    public void startService(String name, Map<String, String> settings) throws InterruptedException {
        startInstance(name, name, onlyInstance(name), settings);
        statusListener.accept(name, "ready   " + Ports.url(ports.service(name)));
    }

    /**
     * Starts another instance of a service on the given port and returns when it is ready.
     *
     * @param settings as for {@link #start}
     * @throws org.countersign.localstack.client.UserException if it does not start. The message names its log file.
     */
    public void startInstance(String name, int port, Map<String, String> settings) throws InterruptedException {
        startInstance(
                name + " on port " + port,
                name,
                new LoadBalancer.Instance(Endpoint.loopback(port), Endpoint.loopback(FreePorts.any())),
                settings);
    }

    private void startInstance(String instance, String service, LoadBalancer.Instance at, Map<String, String> settings)
            throws InterruptedException {
        instancePorts.put(instance, at);
        launch(instance, service, settings);
        service(instance).awaitReady();
    }

    /**
     * Replaces an instance by another version of its service, at the same ports. The old instance drains and ends
     * before the new one starts. Returns when the new one is ready.
     *
     * @param launcher knows how to start the other version
     * @param settings as for {@link #start}
     * @throws org.countersign.localstack.client.UserException if it does not start. The message names its log file.
     */
    public void replaceInstance(String instance, ServiceLauncher launcher, Map<String, String> settings)
            throws InterruptedException {
        String service = SERVICES.stream()
                .filter(name -> instances(name).contains(instance))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no service has the instance " + instance));
        stopService(instance);
        replacedBy.put(instance, launcher);
        launch(instance, service, settings);
        service(instance).awaitReady();
        restartOnExit(instance, service, settings);
    }

    /** Returns where an instance of a service takes connections, without a load balancer. */
    public Endpoint endpoint(String instance) {
        return Objects.requireNonNull(instancePorts.get(instance), instance).connections();
    }

    /** Returns where an instance of a service shows its metrics, without a load balancer. */
    public Endpoint management(String instance) {
        return Objects.requireNonNull(instancePorts.get(instance), instance).management();
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
            servers.databases().create(name, password);
            return new StackDatabase(servers.url(name), name, password);
        }
        String owner = PostgresDatabases.ownerOf(name);
        String ownerPassword = environment.databasePassword(owner);
        servers.databases().create(name, ownerPassword, password);
        if (name.equals(ServiceEnvironment.databaseOf("signature-service"))) {
            servers.databases().grantStatistics(name);
        }
        return new StackDatabase(servers.url(name), owner, ownerPassword);
    }

    /** Returns the keys that authenticate events, as the services are configured with them. */
    public String eventKeys() {
        return environment.eventKeys();
    }

    /** Stops the single PostgreSQL or Kafka, runs an action on its data, and starts the server again. */
    public void whileStopped(String server, Runnable action) {
        if (!(servers instanceof SingleServers single)) {
            throw new IllegalStateException("a cluster has no server that everything depends on");
        }
        single.whileStopped(server, action);
    }

    /** Replaces the database of a service with an empty one, which the service fills at its next start. */
    public void loseDatabase(String service) {
        String name = ServiceEnvironment.databaseOf(service);
        servers.databases().drop(name);
        database(name);
    }

    /** Returns the bootstrap servers for clients of Kafka. */
    public String kafka() {
        return servers.bootstrapServers();
    }

    /** Waits for a part's start and throws its error. */
    static void join(CompletableFuture<Void> future) {
        try {
            future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void startPostgres() {
        servers.startPostgres();
        SERVICES.forEach(service -> database(ServiceEnvironment.databaseOf(service)));
    }

    private void startMailbox() {
        mailbox = Mailbox.start(data.resolve("mailbox"), ports.smtp(), ports.mailbox());
        statusListener.accept("Mailbox", "ready   " + Ports.url(ports.mailbox()));
    }

    private void launch(String instance, String service, Map<String, String> settings) {
        LoadBalancer.Instance at = Objects.requireNonNull(instancePorts.get(instance), instance);
        Path log = logs().resolve(instance.replace(' ', '-') + ".log");
        Map<String, String> variables = environment.of(service, settings);
        variables.put("COUNTERSIGN_INSTANCE", instance);
        ServiceLauncher by = replacedBy.getOrDefault(instance, launcher);
        services.put(instance, ServiceProcess.start(by, service, at, log, variables));
    }

    /** Returns the status of a part that is ready. */
    static String readyAt(Endpoint endpoint) {
        return "ready   " + endpoint;
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
        reportRestart(instance, statusListener);
        launch(instance, service, settings);
        restartOnExit(instance, service, settings);
    }

    /** Reports a restart and waits, because a part may end at each start. */
    static void reportRestart(String part, BiConsumer<String, String> statusListener) {
        statusListener.accept(part, "ended unexpectedly and is restarted");
        try {
            Thread.sleep(RESTART_DELAY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
        servers.close();
    }

    private synchronized List<ServiceProcess> removeAll() {
        List<ServiceProcess> all = List.copyOf(services.values());
        services.clear();
        return all;
    }
}
