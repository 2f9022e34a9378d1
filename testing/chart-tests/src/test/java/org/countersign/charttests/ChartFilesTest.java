package org.countersign.charttests;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files of the chart against each other and against the repository. */
class ChartFilesTest {

    /** Values that a value of the chart may contain, but that have no default of their own. */
    private static final Set<String> WITHOUT_DEFAULT = Set.of("global");

    private static JsonNode schema() {
        return new JsonMapper().readTree(Chart.text(Chart.SOURCE.resolve("values.schema.json")));
    }

    private static Set<String> inSchema() {
        JsonNode schema = schema();
        Set<String> paths = new TreeSet<>();
        collect("", schema, schema, paths);
        return paths;
    }

    private static void collect(String prefix, JsonNode node, JsonNode schema, Set<String> paths) {
        JsonNode properties = resolve(node, schema).path("properties");
        properties.properties().forEach(property -> {
            String path = prefix + property.getKey();
            assertThat(property.getValue().path("description").asString(""))
                    .as("description of " + path)
                    .isNotEmpty();
            if (resolve(property.getValue(), schema).has("properties")) {
                collect(path + ".", property.getValue(), schema, paths);
            } else {
                paths.add(path);
            }
        });
    }

    /** The definition that a schema refers to, or the schema itself. */
    private static JsonNode resolve(JsonNode node, JsonNode schema) {
        String reference = node.at("/allOf/0/$ref").asString("");
        return reference.isEmpty() ? node : schema.at(reference.substring(1));
    }

    @SuppressWarnings("unchecked")
    private static void leaves(String prefix, Map<String, Object> values, Set<String> schema, Set<String> paths) {
        values.forEach((key, value) -> {
            String path = prefix + key;
            if (value instanceof Map && !schema.contains(path)) {
                leaves(path + ".", (Map<String, Object>) value, schema, paths);
            } else {
                paths.add(path);
            }
        });
    }

    @Test
    void every_value_has_a_default_and_a_description() {
        Set<String> described = inSchema();
        Set<String> defaults = new TreeSet<>();
        // The path of a map whose keys are free has no properties in the schema.
        leaves("", Chart.read(Chart.SOURCE.resolve("values.yaml")), described, defaults);
        assertThat(described).hasSizeGreaterThan(120);
        described.removeAll(WITHOUT_DEFAULT);
        assertThat(defaults).isEqualTo(described);
    }

    @Test
    void the_schema_refuses_unknown_names_at_every_level() {
        List<String> strict = new ArrayList<>();
        List<String> lenient = new ArrayList<>();
        sort("", schema(), strict, lenient);
        assertThat(lenient).isEmpty();
        assertThat(strict).hasSizeGreaterThan(40);
    }

    /** Sorts the objects that have properties by whether they allow others. */
    private static void sort(String path, JsonNode node, List<String> strict, List<String> lenient) {
        if (node.has("properties") && node.has("type")) {
            (node.path("additionalProperties").asBoolean(true) ? lenient : strict).add(path);
        }
        node.properties().forEach(child -> sort(path + "/" + child.getKey(), child.getValue(), strict, lenient));
    }

    @Test
    void the_chart_installs_the_version_of_the_project() {
        var version = Pattern.compile("<artifactId>countersign</artifactId>\\s*<version>(.*?)</version>")
                .matcher(Chart.text(Chart.HOME.resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        assertThat(Chart.read(Chart.SOURCE.resolve("Chart.yaml"))).containsEntry("appVersion", version.group(1));
    }

    @Test
    void the_package_contains_the_files_that_the_links_lead_to() throws IOException {
        Path target = Path.of(System.getProperty("basedir")).resolve("target/package");
        Files.createDirectories(target);
        new Helm(Chart.SOURCE).packageIt().withDestination(target).call();
        Object version = Chart.read(Chart.SOURCE.resolve("Chart.yaml")).get("version");
        String content;
        try (InputStream in =
                new GZIPInputStream(Files.newInputStream(target.resolve("countersign-" + version + ".tgz")))) {
            content = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(content)
                .contains(Chart.text(Chart.HOME.resolve("deploy/prometheus/alerts.yml")))
                .contains(Chart.text(Chart.HOME.resolve("deploy/grafana/dashboards/countersign.json")))
                .contains("kubeVersion:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"countersign/README.md"})
    void every_link_and_file_in_the_readme_is_there(String name) {
        Path readme = Chart.HOME.resolve("deploy/helm").resolve(name);
        String text = Chart.text(readme);
        assertThat(Pattern.compile("\\]\\((?!https?:)([^)#]+)").matcher(text).results())
                .hasSizeGreaterThan(2)
                .allSatisfy(link ->
                        assertThat(readme.getParent().resolve(link.group(1))).exists());
        assertThat(Pattern.compile("`((?:ci|deploy|testing)/[^`]+)`")
                        .matcher(text)
                        .results())
                .hasSizeGreaterThan(5)
                .allSatisfy(file -> assertThat(Set.of(Chart.HOME, readme.getParent()))
                        .anySatisfy(
                                base -> assertThat(base.resolve(file.group(1))).exists()));
    }

    /** Such as {@code common.drainSeconds}: a value that the readme names. */
    @Test
    void every_value_in_the_readme_is_one() {
        Set<String> values = inSchema();
        String text = Chart.text(Chart.SOURCE.resolve("README.md"));
        assertThat(Pattern.compile("`((?:common|networkPolicy|tests|mail|counterProjection)\\.[A-Za-z.]+)`")
                        .matcher(text)
                        .results()
                        .map(found -> found.group(1)))
                .hasSizeGreaterThan(8)
                .isSubsetOf(values);
    }
}
