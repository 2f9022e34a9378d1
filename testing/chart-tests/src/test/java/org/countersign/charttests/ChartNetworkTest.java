package org.countersign.charttests;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The network policies against the connections that the environment of the pods asks for. */
class ChartNetworkTest {

    private static final Pattern ADDRESS = Pattern.compile("([A-Za-z0-9.-]+):(\\d{2,5})\\b");
    private static final int DNS = 53;

    /** A connection that a pod makes, by the host and port in its environment. */
    private record Connection(String pod, Map<String, String> labels, String host, int port) {}

    private static List<Connection> connections(Manifests manifests) {
        List<Connection> connections = new ArrayList<>();
        manifests.pods().forEach((name, pod) -> {
            List<EnvVar> environment = pod.getSpec().getContainers().get(0).getEnv();
            for (EnvVar variable : environment) {
                // Addresses for browsers and links are no connections of the pod.
                if (variable.getValue() == null || variable.getName().matches(".*PUBLIC_URL|.*CORS_ORIGINS")) {
                    continue;
                }
                Matcher address = ADDRESS.matcher(variable.getValue());
                while (address.find()) {
                    connections.add(connection(name, pod, address.group(1), Integer.parseInt(address.group(2))));
                }
                if (variable.getName().equals("SPRING_MAIL_HOST")) {
                    connections.add(connection(name, pod, variable.getValue(), mailPort(environment)));
                }
            }
        });
        return connections;
    }

    private static Connection connection(String name, PodTemplateSpec pod, String host, int port) {
        return new Connection(name, pod.getMetadata().getLabels(), host, port);
    }

    private static int mailPort(List<EnvVar> environment) {
        return environment.stream()
                .filter(variable -> variable.getName().equals("SPRING_MAIL_PORT"))
                .map(variable -> Integer.parseInt(variable.getValue()))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> labelsOf(Manifests manifests, String component) {
        return manifests.pods().values().stream()
                .map(pod -> pod.getMetadata().getLabels())
                .filter(labels -> component.equals(labels.get("app.kubernetes.io/component")))
                .findFirst()
                .orElseThrow();
    }

    private static List<Connection> refused(Manifests manifests, PolicyCheck policies) {
        return connections(manifests).stream()
                .filter(connection -> !isAllowed(manifests, policies, connection))
                .toList();
    }

    private static boolean isAllowed(Manifests manifests, PolicyCheck policies, Connection connection) {
        return manifests.all(Service.class).stream()
                .filter(service -> service.getMetadata().getName().equals(connection.host()))
                .findFirst()
                .map(service -> policies.allows(
                        connection.labels(),
                        labelsOf(manifests, service.getSpec().getSelector().get("app.kubernetes.io/component")),
                        connection.port()))
                .orElseGet(() -> policies.allowsOutside(connection.labels(), connection.port()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "full", "cluster", "external-secrets"})
    void every_connection_that_the_configuration_needs_is_allowed(String values) {
        Manifests manifests = Chart.with(values);
        // Three databases each for service and migration, three times Kafka, SMTP, five calls between the services, and
        // six of the test.
        assertThat(connections(manifests)).hasSizeGreaterThanOrEqualTo(21);
        assertThat(refused(manifests, PolicyCheck.of(manifests))).isEmpty();
    }

    @Test
    void without_one_of_the_rules_a_connection_is_refused() {
        Manifests manifests = Chart.with("full");
        for (NetworkPolicy policy : manifests.all(NetworkPolicy.class)) {
            for (int i = 0; i < policy.getSpec().getEgress().size(); i++) {
                NetworkPolicy reduced = new NetworkPolicyBuilder(policy).build();
                var removed = reduced.getSpec().getEgress().remove(i);
                boolean needed = removed.getPorts().stream()
                        .noneMatch(port -> port.getPort().getIntVal() == DNS
                                || port.getPort().getIntVal() == 8443);
                List<NetworkPolicy> others = new ArrayList<>(manifests.all(NetworkPolicy.class));
                others.remove(policy);
                others.add(reduced);
                assertThat(refused(manifests, new PolicyCheck(others)))
                        .as("without rule " + i + " of " + policy.getMetadata().getName())
                        .matches(refused -> refused.isEmpty() != needed);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "full", "cluster"})
    void every_pod_asks_dns(String values) {
        Manifests manifests = Chart.with(values);
        assertThat(manifests.pods())
                .hasSize(7)
                .allSatisfy((name, pod) -> assertThat(PolicyCheck.of(manifests)
                                .allowsOutside(pod.getMetadata().getLabels(), DNS))
                        .as(name)
                        .isTrue());
    }

    @Test
    void a_connection_that_nothing_needs_is_refused() {
        Manifests manifests = Chart.with("full");
        PolicyCheck policies = PolicyCheck.of(manifests);
        var signatureService = labelsOf(manifests, "signature-service");
        var counter = labelsOf(manifests, "counter-projection");
        var notifier = labelsOf(manifests, "notifier");
        var migration = labelsOf(manifests, "migration");
        var stranger = Map.of("app.kubernetes.io/name", "stranger");
        assertThat(policies.allows(counter, notifier, 8082)).isFalse();
        assertThat(policies.allows(counter, signatureService, 9080)).isFalse();
        assertThat(policies.allows(signatureService, notifier, 9082)).isFalse();
        assertThat(policies.allows(migration, signatureService, 8080)).isFalse();
        assertThat(policies.allows(stranger, signatureService, 8080)).isFalse();
        assertThat(policies.allowsOutside(signatureService, 2525)).isFalse();
        assertThat(policies.allowsOutside(counter, 443)).isFalse();
        assertThat(policies.allowsOutside(migration, 9093)).isFalse();
        assertThat(policies.allowsOutside(labelsOf(manifests, "test"), 6432)).isFalse();
    }

    @Test
    void only_the_proxy_reaches_public_ports_and_only_prometheus_reaches_management_ports() {
        Manifests manifests = Chart.with("full");
        PolicyCheck policies = PolicyCheck.of(manifests);
        Map<String, Integer> publicPorts =
                Map.of("signature-service", 8080, "counter-projection", 8081, "notifier", 8082);
        publicPorts.forEach((service, port) -> {
            var labels = labelsOf(manifests, service);
            assertThat(policies.callersFromOutside(labels, port))
                    .extracting(peer -> peer.getNamespaceSelector().getMatchLabels())
                    .containsExactly(Map.of("kubernetes.io/metadata.name", "ingress-nginx"));
            assertThat(policies.callersFromOutside(labels, port + 1000))
                    .extracting(peer -> peer.getNamespaceSelector().getMatchLabels())
                    .containsExactly(Map.of("kubernetes.io/metadata.name", "monitoring"));
        });
    }

    @Test
    void webhooks_reach_no_private_network() {
        assertThat(Chart.with("minimal")
                        .one(NetworkPolicy.class, "countersign-notifier")
                        .getSpec()
                        .getEgress())
                .filteredOn(rule ->
                        rule.getPorts().stream().anyMatch(port -> port.getPort().getIntVal() == 443))
                .hasSize(1)
                .allSatisfy(rule -> assertThat(rule.getTo())
                        .flatExtracting(peer -> peer.getIpBlock().getExcept())
                        .contains("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7"));
    }

    @Test
    void no_policy_is_rendered_if_they_are_disabled() {
        assertThat(Chart.render("minimal", "networkPolicy.enabled", "false").all(NetworkPolicy.class))
                .isEmpty();
    }
}
