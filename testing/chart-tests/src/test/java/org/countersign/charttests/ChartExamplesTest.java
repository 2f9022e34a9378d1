package org.countersign.charttests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The examples for CloudNativePG and Strimzi against the scripts of compose. There are no typed models of their kinds.
 */
class ChartExamplesTest {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Map<String, String> RESOURCES =
            Map.of("--topic", "topic", "--group", "group", "--transactional-id", "transactionalId");

    private static List<JsonNode> documents(String name) {
        String text = Chart.text(Chart.HOME.resolve("deploy/helm/examples/" + name));
        return Stream.of(text.split("(?m)^---$")).map(YAML::readTree).toList();
    }

    private static JsonNode one(String name, String kind) {
        return documents(name).stream()
                .filter(document -> document.get("kind").asString().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    /** The rights of each user in deploy/kafka-acls.sh, as "user resource name operation". */
    private static Set<String> rightsOfTheScript() {
        String script = Chart.text(Chart.HOME.resolve("deploy/kafka-acls.sh")).replaceAll("\\\\\\n\\s*", "");
        Set<String> rights = new TreeSet<>();
        script.lines().filter(line -> line.startsWith("allow ")).forEach(line -> {
            String[] words = line.split("\\s+");
            List<String> operations = new ArrayList<>();
            for (int i = 2; i < words.length; i += 2) {
                if (words[i].equals("--operation")) {
                    operations.add(words[i + 1]);
                } else {
                    String resource = RESOURCES.get(words[i]) + " " + words[i + 1];
                    operations.forEach(operation -> rights.add(words[1] + " " + resource + " " + operation));
                }
            }
        });
        return rights;
    }

    @Test
    void the_kafka_users_have_the_rights_of_the_script() {
        Set<String> rights = new TreeSet<>();
        documents("strimzi.yaml").stream()
                .filter(document -> document.get("kind").asString().equals("KafkaUser"))
                .forEach(user -> user.at("/spec/authorization/acls").forEach(acl -> {
                    JsonNode resource = acl.get("resource");
                    assertThat(resource.get("patternType").asString()).isEqualTo("literal");
                    acl.get("operations")
                            .forEach(operation ->
                                    rights.add(user.at("/metadata/name").asString() + " "
                                            + resource.get("type").asString() + " "
                                            + resource.get("name").asString() + " " + operation.asString()));
                }));
        assertThat(rightsOfTheScript()).hasSizeGreaterThan(30);
        assertThat(rights).isEqualTo(rightsOfTheScript());
    }

    @Test
    void the_brokers_have_the_settings_of_compose() {
        String compose = Chart.text(Chart.HOME.resolve("docker-compose.yml"));
        JsonNode config = one("strimzi.yaml", "Kafka").at("/spec/kafka/config");
        assertThat(config.properties()).hasSizeGreaterThan(6).allSatisfy(setting -> {
            String variable = "KAFKA_"
                    + setting.getKey().toUpperCase(java.util.Locale.ROOT).replace('.', '_');
            assertThat(compose.replace("\"", ""))
                    .contains(variable + ": " + setting.getValue().asString());
        });
        assertThat(one("strimzi.yaml", "KafkaNodePool").at("/spec/replicas").asInt())
                .isEqualTo(3);
    }

    /** deploy/databases.sh with the names of each database, without the passwords: CloudNativePG sets those. */
    @Test
    void the_databases_and_roles_are_those_of_the_script() {
        String script = Chart.text(Chart.HOME.resolve("deploy/databases.sh"));
        List<String> statements = new ArrayList<>();
        Pattern.compile("(?m)^database (\\w+) ")
                .matcher(script)
                .results()
                .forEach(database -> script.lines()
                        .filter(line -> line.matches("(create|revoke|grant) .*;"))
                        .map(line -> line.replaceAll(" password :'\\w+';", ";")
                                .replace(":\"owner\"", database.group(1) + "_owner")
                                .replace(":\"name\"", database.group(1))
                                .replace(";", ""))
                        .forEach(statements::add));
        JsonNode cluster = one("cloudnative-pg.yaml", "Cluster");
        List<String> example = new ArrayList<>();
        cluster.at("/spec/bootstrap/initdb/postInitSQL").forEach(statement -> example.add(statement.asString()));
        assertThat(statements).hasSize(15);
        assertThat(example).isEqualTo(statements);
    }

    @Test
    void a_commit_waits_for_a_standby() {
        JsonNode cluster = one("cloudnative-pg.yaml", "Cluster");
        JsonNode synchronous = cluster.at("/spec/postgresql/synchronous");
        assertThat(synchronous.get("dataDurability").asString()).isEqualTo("required");
        assertThat(synchronous.get("number").asInt()).isEqualTo(1);
        assertThat(cluster.at("/spec/instances").asInt()).isEqualTo(3);
    }

    /** The names that ci/cluster-values.yaml takes from the examples. */
    @Test
    void the_cluster_values_use_the_names_of_the_examples() {
        Map<String, String> passwords = new TreeMap<>();
        one("cloudnative-pg.yaml", "Cluster")
                .at("/spec/managed/roles")
                .forEach(role -> passwords.put(
                        role.get("name").asString(),
                        role.at("/passwordSecret/name").asString()));
        assertThat(ServiceProperties.SERVICES).allSatisfy(service -> {
            var environment = Chart.with("cluster").environment(service);
            assertThat(environment.get("SPRING_DATASOURCE_URL").getValue()).contains("//countersign-db-rw:5432/");
            for (String prefix : List.of("SPRING_DATASOURCE_USERNAME", "SPRING_FLYWAY_USER")) {
                String role = environment.get(prefix).getValue();
                String password = prefix.replaceAll("USER(NAME)?", "PASSWORD");
                assertThat(environment
                                .get(password)
                                .getValueFrom()
                                .getSecretKeyRef()
                                .getName())
                        .isEqualTo(passwords.get(role));
            }
            assertThat(environment
                            .get("SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG")
                            .getValueFrom()
                            .getSecretKeyRef()
                            .getName())
                    .isEqualTo(service);
        });
    }
}
