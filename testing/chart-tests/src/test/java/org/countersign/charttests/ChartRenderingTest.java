package org.countersign.charttests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Helm renders of each values file, and what it refuses. */
class ChartRenderingTest {

    private static final Path SNAPSHOTS =
            Path.of(System.getProperty("basedir")).resolve("src/test/resources/snapshots");

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "full", "cluster", "external-secrets"})
    void lint_finds_no_fault(String values) {
        LintResult result = Chart.lint(values);
        assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "full", "cluster", "external-secrets"})
    void every_document_has_only_fields_that_its_kind_knows(String values) {
        assertThat(Chart.with(values).objects()).hasSizeGreaterThan(15).allSatisfy(object -> {
            assertThat(object.getMetadata().getName()).hasSizeLessThanOrEqualTo(63);
            assertThat(object.getMetadata().getLabels()).containsEntry("app.kubernetes.io/instance", "countersign");
        });
    }

    @Test
    void no_two_objects_of_a_kind_have_the_same_name() {
        assertThat(Chart.with("full").objects())
                .extracting(
                        object -> object.getKind() + "/" + object.getMetadata().getName())
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgresql.hosts.0 | pattern",
                "postgresql.signatureService.password | Expected: object, given: string",
                "kafka.bootstrapServers | at least 1 item",
                "kafka.securityProtocol | SASL_SSL",
                "mail.port | 65535",
                "signatureService | replica is not allowed",
                "common.warmUpLimit | Expected: string"
            })
    void bad_values_are_refused_with_the_name_of_the_field(String field, String reason) {
        assertThatThrownBy(() -> Chart.render(Chart.values("bad")))
                .message()
                .satisfies(message -> assertThat(message.lines())
                        .anySatisfy(line -> assertThat(line).contains("- " + field + ":", reason)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"publicUrl", "transparencyName", "existingSecret", "mail.from", "image.registry"})
    void a_value_without_a_default_is_asked_for(String field) {
        assertThatThrownBy(() -> Chart.render("minimal", field, "")).hasMessageContaining("- " + field + ":");
    }

    @ParameterizedTest
    @CsvSource({
        "ingress.enabled, networkPolicy.publicFrom",
        "monitoring.serviceMonitor.enabled, networkPolicy.monitoringFrom"
    })
    void an_object_that_the_network_policies_would_cut_off_is_refused(String enabled, String asked) {
        assertThatThrownBy(() -> Chart.render("minimal", enabled, "true")).hasMessageContaining(asked);
    }

    @Test
    void there_are_the_five_values_files() throws IOException {
        try (Stream<Path> files = Files.list(Chart.SOURCE.resolve("ci"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.of("minimal", "full", "cluster", "external-secrets", "bad")
                                    .map(name -> name + "-values.yaml")
                                    .toList());
        }
    }

    @Test
    void the_strict_parser_refuses_an_unknown_field() {
        List<String> wrong = List.of(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {hostNetworks: true}",
                "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: x}\nspec: {hosts: [y]}",
                "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: x}\nspec: {rules: []}");
        assertThat(wrong)
                .allSatisfy(document ->
                        assertThatThrownBy(() -> Manifests.parse(document)).hasMessageContaining("Unrecognized"));
    }

    /** The rendered text, for review. {@code -Dsnapshots.renew=true} writes it anew. */
    @ParameterizedTest
    @ValueSource(strings = {"minimal", "cluster"})
    void the_rendered_text_is_that_of_the_snapshot(String values) {
        Path snapshot = SNAPSHOTS.resolve(values + ".yaml");
        String rendered = Chart.with(values).text();
        if (Boolean.getBoolean("snapshots.renew")) {
            Chart.write(snapshot, rendered);
        }
        assertThat(rendered)
                .as("renew the snapshots with -Dsnapshots.renew=true and review the difference")
                .isEqualTo(Chart.text(snapshot));
    }
}
