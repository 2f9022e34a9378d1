package org.countersign.localstack.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.yaml.snakeyaml.Yaml;

/** One broker with the settings of docker-compose.yml and the rights of deploy/kafka-acls.sh. */
final class ComposeKafka implements AutoCloseable {

    private static final Path HOME = Path.of(System.getProperty("basedir", "."))
            .toAbsolutePath()
            .normalize()
            .getParent()
            .getParent();
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)[^}]*}");

    private final Map<String, Object> services;
    private final KafkaBroker broker;

    ComposeKafka(Path directory) throws IOException, InterruptedException, ExecutionException {
        services = map(map(new Yaml().load(Files.readString(HOME.resolve("docker-compose.yml"))))
                .get("services"));
        int port = FreePorts.any();
        broker = KafkaBroker.start(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                directory.resolve("kafka"),
                directory.resolve("kafka.log"),
                port,
                serverProperties(directory.resolve("kafka").resolve("records"), port, FreePorts.any()),
                plain("broker", password("KAFKA_BROKER_PASSWORD")));
        giveRights(directory);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    private Map<String, Object> environment(String service) {
        return map(map(services.get(service)).get("environment"));
    }

    /** Each variable has a value of its own, as in a .env file. */
    private static String password(String variable) {
        return "test-" + variable.toLowerCase(Locale.ROOT);
    }

    private static String resolved(Object value) {
        return VARIABLE.matcher(value.toString()).replaceAll(found -> password(found.group(1)));
    }

    /** What the image makes of the variables, but for one node instead of three, and ports of loopback. */
    private String serverProperties(Path records, int port, int controllerPort) {
        Map<String, String> properties = new TreeMap<>();
        environment("kafka-1").forEach((name, value) -> {
            if (name.startsWith("KAFKA_")) {
                properties.put(
                        name.substring("KAFKA_".length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.'),
                        resolved(value));
            }
        });
        properties.put("listeners", "CLIENT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        properties.put("advertised.listeners", "CLIENT://127.0.0.1:" + port);
        properties.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        properties.put("log.dirs", records.toString());
        properties.replaceAll((name, value) ->
                name.endsWith("replication.factor") || name.endsWith("min.isr") || name.endsWith("insync.replicas")
                        ? "1"
                        : value);
        return properties.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue().replace("\\", "\\\\"))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Runs the script with a program that writes its arguments down, and does what they say. */
    private void giveRights(Path directory) throws IOException, InterruptedException, ExecutionException {
        Path calls = directory.resolve("calls");
        Path program = directory.resolve("kafka-acls");
        Files.writeString(program, "#!/bin/sh\necho \"$@\" >> " + calls + "\n");
        if (!program.toFile().setExecutable(true)) {
            throw new IOException("Cannot make " + program + " executable");
        }
        ProcessBuilder script = new ProcessBuilder(
                        "bash", HOME.resolve("deploy/kafka-acls.sh").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("script.log").toFile());
        environment("kafka-acls").forEach((name, value) -> script.environment().put(name, resolved(value)));
        script.environment().put("KAFKA_ACLS", program.toString());
        Process running = script.start();
        if (!running.waitFor(1, TimeUnit.MINUTES) || running.exitValue() != 0) {
            throw new IOException(Files.readString(directory.resolve("script.log")));
        }
        List<AclBinding> rights = new ArrayList<>();
        for (String call : Files.readAllLines(calls)) {
            rights.addAll(rights(List.of(call.split(" "))));
        }
        try (Admin admin = Admin.create(client(plain("broker", password("KAFKA_BROKER_PASSWORD"))))) {
            admin.createAcls(rights).all().get();
        }
    }

    private static List<AclBinding> rights(List<String> call) {
        String principal = "";
        List<AclOperation> operations = new ArrayList<>();
        List<ResourcePattern> resources = new ArrayList<>();
        for (int i = 0; i < call.size() - 1; i++) {
            String value = call.get(i + 1);
            switch (call.get(i)) {
                case "--allow-principal" -> principal = value;
                case "--operation" ->
                    operations.add(AclOperation.fromString(
                            value.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT)));
                case "--topic" -> resources.add(resource(ResourceType.TOPIC, value));
                case "--group" -> resources.add(resource(ResourceType.GROUP, value));
                case "--transactional-id" -> resources.add(resource(ResourceType.TRANSACTIONAL_ID, value));
                default -> {
                    // --add, and how to connect.
                }
            }
        }
        List<AclBinding> rights = new ArrayList<>();
        for (ResourcePattern resource : resources) {
            for (AclOperation operation : operations) {
                rights.add(new AclBinding(
                        resource, new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW)));
            }
        }
        return rights;
    }

    private static ResourcePattern resource(ResourceType type, String name) {
        return new ResourcePattern(type, name, PatternType.LITERAL);
    }

    /** Returns the settings of a client that names a user and a password. */
    static Map<String, Object> plain(String user, String password) {
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                        + password + "\";");
    }

    /** Returns the settings with which a service of docker-compose.yml connects. */
    Map<String, Object> service(String name) {
        Map<String, Object> settings = new HashMap<>();
        environment(name).forEach((variable, value) -> {
            if (variable.startsWith("SPRING_KAFKA_PROPERTIES_")) {
                settings.put(
                        variable.substring("SPRING_KAFKA_PROPERTIES_".length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.'),
                        resolved(value));
            }
        });
        settings.put("security.protocol", resolved(environment(name).get("SPRING_KAFKA_SECURITY_PROTOCOL")));
        return client(settings);
    }

    /** Adds the address of the broker. */
    Map<String, Object> client(Map<String, Object> access) {
        Map<String, Object> settings = new HashMap<>(access);
        settings.put("bootstrap.servers", broker.bootstrapServers());
        return settings;
    }

    @Override
    public void close() {
        broker.close();
    }
}
