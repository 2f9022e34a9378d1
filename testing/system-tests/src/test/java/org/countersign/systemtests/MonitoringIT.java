package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.countersign.localstack.client.ApiClient;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard and the alert rules against what the services really say of themselves. */
class MonitoringIT {

    private static final Path DOCKER =
            Path.of(System.getProperty("countersign.home")).resolve("deploy");
    private static final Pattern METRIC =
            Pattern.compile("\\b(countersign|jvm|process|hikaricp|kafka|http)_[a-z_]+\\b");
    private static final Pattern OF_A_COMMAND = Pattern.compile("type=\"[A-Za-z]+\",outcome=\"[a-z]+\"");

    private final RunningStack stack = RunningStack.shared();

    private String metrics() {
        return Stream.of(
                        stack.ports().signatureServiceManagement(),
                        stack.ports().counterProjectionManagement(),
                        stack.ports().notifierManagement())
                .map(port -> new ApiClient()
                        .get(port, "/actuator/prometheus", Optional.empty())
                        .body())
                .collect(Collectors.joining());
    }

    private static List<String> onTheDashboard() throws IOException {
        JsonNode dashboard = JsonMapper.builder()
                .build()
                .readTree(Files.readString(DOCKER.resolve("grafana/dashboards/countersign.json")));
        return dashboard.findValuesAsString("expr");
    }

    @SuppressWarnings("unchecked")
    private static List<String> inTheRules() throws IOException {
        Map<String, List<Map<String, List<Map<String, Object>>>>> rules =
                new Yaml().load(Files.readString(DOCKER.resolve("prometheus/alerts.yml")));
        return rules.get("groups").stream()
                .flatMap(group -> group.get("rules").stream())
                .map(rule -> rule.get("expr").toString())
                .toList();
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(result -> result.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> named(String metrics) {
        return metrics.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]")[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void what_is_watched_is_there_and_what_there_is_of_our_own_is_watched() throws IOException {
        String petition = stack.publish(Map.of("slug", "watched-closely"));
        stack.sign(petition, "watched@example.org", Map.of());
        stack.confirm(stack.mails().await("watched@example.org", 1).token("confirm"));
        stack.mails().await("watched@example.org", 2);

        String expressions =
                Stream.concat(onTheDashboard().stream(), inTheRules().stream()).collect(Collectors.joining("\n"));
        assertThat(onTheDashboard()).hasSizeGreaterThan(20);
        assertThat(inTheRules()).hasSizeGreaterThan(10);
        Set<String> watched = found(METRIC, expressions);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(named(metrics())).containsAll(watched));
        String metrics = metrics();
        // Micrometer writes labels in the order of their names.
        assertThat(found(OF_A_COMMAND, expressions))
                .isNotEmpty()
                .allSatisfy(labels -> assertThat(metrics)
                        .contains(Stream.of(labels.split(",")).sorted().collect(Collectors.joining(","))));
        assertThat(named(metrics))
                .filteredOn(name -> name.startsWith("countersign_"))
                .allSatisfy(name ->
                        assertThat(watched.stream().map(MonitoringIT::family)).contains(family(name)));
    }

    private static String family(String name) {
        return name.replaceFirst("_(bucket|count|sum|max|total)$", "");
    }
}
