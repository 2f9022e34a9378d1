package org.countersign.charttests;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The environment of each service against the properties that it reads. */
class ChartEnvironmentTest {

    /** Spring Boot passes what is below them on to the clients, whatever the names are. */
    private static final Set<String> FREE_PREFIXES = Set.of("SPRING_KAFKA_PROPERTIES_", "SPRING_MAIL_PROPERTIES_");
    /** Read by the Java runtime. */
    private static final String JAVA_OPTIONS = "_JAVA_OPTIONS";

    static List<String> services() {
        return ServiceProperties.SERVICES;
    }

    @ParameterizedTest
    @MethodSource("services")
    void every_variable_is_one_that_the_service_reads(String service) {
        Set<String> known = ServiceProperties.variables(service);
        assertThat(Chart.with("full").environment(service).keySet())
                .hasSizeGreaterThan(25)
                .filteredOn(variable -> !variable.equals(JAVA_OPTIONS))
                .filteredOn(variable -> FREE_PREFIXES.stream().noneMatch(variable::startsWith))
                .isSubsetOf(known);
    }

    @Test
    void a_variable_of_another_service_is_not_one_that_the_service_reads() {
        assertThat(ServiceProperties.variables("counter-projection"))
                .contains("COUNTERSIGN_LIVE_VIEWERS", "SPRING_FLYWAY_ENABLED", "SPRING_DATASOURCE_PASSWORD")
                .doesNotContain("SPRING_MAIL_HOST", "COUNTERSIGN_KEYS_WEBHOOK", "COUNTERSIGN_LIVE_VIEWER");
    }

    @ParameterizedTest
    @MethodSource("services")
    void every_documented_variable_can_be_set(String service) {
        assertThat(ServiceProperties.documented(service))
                .hasSizeGreaterThan(15)
                .allSatisfy(variable -> assertThat(differs(service, variable))
                        .as(variable + " has the same value whatever the values of the chart are")
                        .isTrue());
    }

    /** Whether one of the values files gives the variable another value than the minimal one. */
    private static boolean differs(String service, String variable) {
        // The pod's name differs from pod to pod.
        if (variable.equals("COUNTERSIGN_INSTANCE")) {
            return Chart.with("minimal")
                    .environment(service)
                    .get(variable)
                    .getValueFrom()
                    .getFieldRef()
                    .getFieldPath()
                    .equals("metadata.name");
        }
        EnvVar minimal = Chart.with("minimal").environment(service).get(variable);
        return Stream.of("full", "external-secrets")
                .map(values -> Chart.with(values).environment(service).get(variable))
                .anyMatch(other -> other != null && !other.equals(minimal));
    }

    @ParameterizedTest
    @MethodSource("services")
    void the_running_service_does_not_get_the_password_of_the_owner(String service) {
        var running = Chart.with("full")
                .one(Deployment.class, service)
                .getSpec()
                .getTemplate()
                .getSpec();
        assertThat(running.getContainers())
                .flatExtracting(container -> container.getEnv())
                .extracting(EnvVar::getName)
                .contains("SPRING_FLYWAY_ENABLED")
                .doesNotContain("SPRING_FLYWAY_USER", "SPRING_FLYWAY_PASSWORD");
        assertThat(Chart.with("full").text()).contains("owner-password");
    }

    @ParameterizedTest
    @MethodSource("services")
    void each_variable_is_set_once(String service) {
        assertThat(Chart.with("full")
                        .one(Deployment.class, service)
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getEnv())
                .extracting(EnvVar::getName)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "full", "cluster", "external-secrets"})
    void no_password_and_no_key_is_in_the_rendered_text(String values) {
        List<EnvVar> secrets = new ArrayList<>();
        services()
                .forEach(service -> Chart.with(values).environment(service).values().stream()
                        .filter(variable -> variable.getName().matches(".*(PASSWORD|_KEYS_|JAAS).*"))
                        .forEach(secrets::add));
        assertThat(secrets).hasSizeGreaterThan(20).allSatisfy(variable -> {
            assertThat(variable.getValue()).as(variable.getName()).isNull();
            assertThat(variable.getValueFrom().getSecretKeyRef().getName()).isNotEmpty();
        });
    }

    @Test
    void every_credential_can_be_in_a_secret_of_its_own() {
        List<String> names = new ArrayList<>();
        services()
                .forEach(service -> Chart.with("external-secrets").environment(service).values().stream()
                        .filter(variable -> variable.getValueFrom() != null
                                && variable.getValueFrom().getSecretKeyRef() != null)
                        .forEach(variable -> names.add(
                                variable.getValueFrom().getSecretKeyRef().getName())));
        assertThat(names).doesNotContain("no-such-secret", "").contains("countersign-keys-event", "countersign-smtp");
    }

    @ParameterizedTest
    @MethodSource("services")
    void the_database_address_names_all_servers_and_asks_for_the_primary(String service) {
        assertThat(Chart.with("external-secrets")
                        .environment(service)
                        .get("SPRING_DATASOURCE_URL")
                        .getValue())
                .isEqualTo("jdbc:postgresql://pg-a.example.org:5432,pg-b.example.org:5432/" + service.replace('-', '_')
                        + "?sslmode=require&targetServerType=primary");
    }

    @Test
    void a_value_keeps_its_digits() {
        Map<String, EnvVar> environment =
                Chart.render("minimal", "common.maxConnections", "2500000").environment("notifier");
        assertThat(environment.get("SERVER_TOMCAT_MAX_CONNECTIONS").getValue()).isEqualTo("2500000");
    }
}
