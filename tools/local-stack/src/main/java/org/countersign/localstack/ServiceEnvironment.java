package org.countersign.localstack;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.net.Endpoint;
import org.countersign.localstack.server.PostgresCluster;
import org.countersign.localstack.server.PostgresDatabases;

/** Builds the environment variables of each service of a local stack. */
final class ServiceEnvironment {

    private static final String LOOPBACK = "127.0.0.0/8,::1";

    /** A load test sends all of its requests from one address, with mail addresses of one domain. */
    private static final Map<String, String> EXEMPT_FROM_LIMITS = Map.of("COUNTERSIGN_LIMIT_EXEMPT", LOOPBACK);

    /** Variables with which the limits per network hold for loopback, too. A client can name other addresses. */
    static final Map<String, String> WITH_LIMITS = Map.of(
            "COUNTERSIGN_LIMIT_EXEMPT", "",
            "COUNTERSIGN_CONNECTIONS_EXEMPT", "",
            "COUNTERSIGN_TRUSTED_PROXIES", LOOPBACK);

    /** The load balancer looks for ready instances twice a second. */
    private static final String DRAIN = "3s";

    private final Ports ports;
    private final StackLayout layout;
    private final StackSecrets secrets;
    private final StackServers servers;

    ServiceEnvironment(Ports ports, StackLayout layout, StackSecrets secrets, StackServers servers) {
        this.ports = ports;
        this.layout = layout;
        this.secrets = secrets;
        this.servers = servers;
    }

    /**
     * Returns the environment variables of a service.
     *
     * @param settings additional variables
     */
    Map<String, String> of(String service, Map<String, String> settings) {
        String database = databaseOf(service);
        Map<String, String> environment = new HashMap<>(EXEMPT_FROM_LIMITS);
        environment.put("COUNTERSIGN_DRAIN", layout.instances(service).size() == 1 ? "0s" : DRAIN);
        if (service.equals("signature-service")) {
            environment.putAll(OrganisationSettings.orInvented(System.getenv()));
        }
        environment.putAll(settings);
        environment.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", servers.bootstrapServersForServices());
        environment.put("COUNTERSIGN_PUBLIC_URL", Ports.url(ports.signatureService()));
        environment.put("COUNTERSIGN_INTERNAL_PASSWORD", internalPassword());
        environment.put("COUNTERSIGN_KEYS_EVENT", eventKeys());
        environment.put("SPRING_DATASOURCE_URL", servers.urlForServices(database));
        environment.put("SPRING_DATASOURCE_USERNAME", database);
        environment.put("SPRING_DATASOURCE_PASSWORD", databasePassword(database));
        environment.put("SPRING_FLYWAY_USER", PostgresDatabases.ownerOf(database));
        environment.put("SPRING_FLYWAY_PASSWORD", databasePassword(PostgresDatabases.ownerOf(database)));
        environment.putAll(
                switch (service) {
                    case "signature-service" -> signatureService();
                    case "counter-projection" -> counterProjection();
                    default -> notifier();
                });
        return environment;
    }

    /** Returns the name of a service's database, which is also the name of the service's role. */
    static String databaseOf(String service) {
        return service.replace('-', '_');
    }

    /** Returns the password of a database role. */
    String databasePassword(String database) {
        return secrets.password("postgres." + database);
    }

    /** Returns the password with which the services call each other. */
    String internalPassword() {
        return secrets.password("internal");
    }

    /** Returns the keys that authenticate events. */
    String eventKeys() {
        return "1:" + secrets.key("event");
    }

    /** Returns the endpoint through which the services reach a port on 127.0.0.1. */
    private Endpoint reached(int port) {
        return layout.route().to(Endpoint.loopback(port));
    }

    private Map<String, String> signatureService() {
        return Map.of(
                "COUNTERSIGN_DURABILITY",
                durability(),
                "COUNTERSIGN_KEYS_SIGNATURE_ID",
                "1:" + secrets.key("signature-id"),
                "COUNTERSIGN_KEYS_PERSONAL_DATA",
                "1:" + secrets.key("personal-data"),
                "COUNTERSIGN_KEYS_TOKEN",
                "1:" + secrets.key("token"),
                "COUNTERSIGN_KEYS_LOG",
                "1:" + secrets.key("log"),
                "COUNTERSIGN_COUNTER_PUBLIC_URL",
                Ports.url(ports.counterProjection()),
                "COUNTERSIGN_COUNTER_INTERNAL_URL",
                reached(ports.counterProjection()).url(),
                "COUNTERSIGN_COUNTER_MANAGEMENT_URL",
                reached(ports.counterProjectionManagement()).url(),
                "COUNTERSIGN_NOTIFIER_INTERNAL_URL",
                reached(ports.notifier()).url());
    }

    /** Single servers lose signatures with their machine. So does a primary that does not wait for its standby. */
    private String durability() {
        return layout.cluster()
                .filter(policy -> policy == PostgresCluster.CommitPolicy.REQUIRED)
                .map(policy -> "required")
                .orElse("reported");
    }

    private Map<String, String> counterProjection() {
        return Map.of(
                "COUNTERSIGN_CORS_ORIGINS",
                Ports.url(ports.signatureService()) + ",http://127.0.0.1:" + ports.signatureService(),
                "COUNTERSIGN_SIGNATURE_SERVICE_URL",
                reached(ports.signatureService()).url());
    }

    private Map<String, String> notifier() {
        return Map.of(
                "COUNTERSIGN_KEYS_WEBHOOK", secrets.key("webhook"),
                "COUNTERSIGN_SIGNATURE_SERVICE_MANAGEMENT_URL",
                        reached(ports.signatureServiceManagement()).url(),
                "COUNTERSIGN_WEBHOOK_ALLOW_LOOPBACK", "true",
                "SPRING_MAIL_HOST",
                        Optional.ofNullable(System.getenv("SPRING_MAIL_HOST")).orElse("127.0.0.1"),
                "SPRING_MAIL_PORT",
                        Optional.of(reached(ports.smtp()).port())
                                .filter(proxy -> proxy != ports.smtp())
                                .map(proxy -> Integer.toString(proxy))
                                .or(() -> Optional.ofNullable(System.getenv("SPRING_MAIL_PORT")))
                                .orElse(Integer.toString(ports.smtp())));
    }
}
