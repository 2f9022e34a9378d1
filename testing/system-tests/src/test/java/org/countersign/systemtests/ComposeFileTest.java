package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.json.JsonMapper;

/** docker-compose.yml against what it configures. No Docker engine is needed for that. */
class ComposeFileTest {

    private static final Path HOME =
            Path.of(System.getProperty("basedir")).getParent().getParent();
    private static final Pattern VALUE = Pattern.compile("@Value\\(\"\\$\\{([^:}]+)");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)");

    private static Map<String, Object> services() {
        return map(yaml("docker-compose.yml").get("services"));
    }

    private static Map<String, Object> yaml(String path) {
        return map(new Yaml().load(text(HOME.resolve(path))));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names under which Spring Boot finds a property in the environment: hyphens left out, or made underscores. */
    private static Stream<String> variables(String property) {
        String upper = property.toUpperCase(Locale.ROOT).replace('.', '_');
        return Stream.of(upper.replace("-", ""), upper.replace('-', '_'));
    }

    private static Set<String> propertiesOf(String service) throws IOException {
        Set<String> properties = new HashSet<>();
        flatten("", yaml(service + "/src/main/resources/application.yml"), properties);
        for (String module : List.of(service, "libs/service-support")) {
            try (Stream<Path> sources = Files.walk(HOME.resolve(module + "/src/main/java"))) {
                sources.filter(Files::isRegularFile)
                        .forEach(source -> VALUE.matcher(text(source))
                                .results()
                                .map(found -> found.group(1))
                                .forEach(properties::add));
            }
        }
        try (Stream<Path> libraries = Files.list(HOME.resolve(service + "/target/lib"))) {
            for (Path library : libraries
                    .filter(jar -> jar.getFileName().toString().startsWith("spring-boot-"))
                    .toList()) {
                addDocumented(library, properties);
            }
        }
        return properties;
    }

    private static void flatten(String prefix, Map<String, Object> yaml, Set<String> properties) {
        yaml.forEach((key, value) -> {
            if (value instanceof Map) {
                flatten(prefix + key + ".", map(value), properties);
            } else {
                properties.add(prefix + key);
            }
        });
    }

    private static void addDocumented(Path library, Set<String> properties) throws IOException {
        try (JarFile jar = new JarFile(library.toFile())) {
            var metadata = jar.getEntry("META-INF/spring-configuration-metadata.json");
            if (metadata != null) {
                try (InputStream in = jar.getInputStream(metadata)) {
                    JsonMapper.builder()
                            .build()
                            .readTree(in)
                            .get("properties")
                            .forEach(property ->
                                    properties.add(property.get("name").asString()));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"signature-service", "counter-projection", "notifier"})
    void every_variable_of_a_service_is_one_that_it_reads(String service) throws IOException {
        Set<String> known = new HashSet<>();
        propertiesOf(service).forEach(property -> variables(property).forEach(known::add));
        Map<String, Object> environment = map(map(services().get(service)).get("environment"));
        assertThat(environment.keySet())
                .isNotEmpty()
                // Every property of JavaMail can be set below this prefix.
                .filteredOn(variable -> !variable.startsWith("SPRING_MAIL_PROPERTIES_"))
                .allSatisfy(variable -> assertThat(variable)
                        .satisfiesAnyOf(
                                name -> assertThat(known).contains(name),
                                // Spring Boot passes these on to the Kafka clients, whatever their names are.
                                name -> assertThat(name).startsWith("SPRING_KAFKA_PROPERTIES_")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"signature-service", "counter-projection", "notifier"})
    void every_secret_that_a_service_can_not_do_without_is_given_to_it(String service) throws IOException {
        Map<String, Object> environment = map(map(services().get(service)).get("environment"));
        // These have no default in application.yml: what the source asks for and the file does not say.
        Set<String> flattened = new HashSet<>();
        flatten("", yaml(service + "/src/main/resources/application.yml"), flattened);
        List<String> secrets = propertiesOf(service).stream()
                .filter(property -> property.startsWith("countersign.") && !flattened.contains(property))
                .toList();
        assertThat(secrets)
                .allSatisfy(secret -> assertThat(variables(secret)).as(secret).anyMatch(environment::containsKey));
    }

    private static final Pattern SETTING =
            Pattern.compile("`((?:COUNTERSIGN|SPRING|SERVER|MANAGEMENT)_[A-Z_]+)(=\\w+)?`");

    /** The settings of the table in docs/operations.md by service, with short forms such as {@code _USERNAME}. */
    private static Map<String, Set<String>> documentedSettings() {
        Map<String, String> names = Map.of(
                "signature service", "signature-service", "counter", "counter-projection", "notifier", "notifier");
        Map<String, Set<String>> settings = new TreeMap<>();
        text(HOME.resolve("docs/operations.md"))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .forEach(line -> {
                    String[] columns = line.split("\\|");
                    List<String> variables = settingsOf(columns[1]);
                    names.forEach((written, service) -> {
                        if (columns[2].contains("all") || columns[2].contains(written)) {
                            settings.computeIfAbsent(service, any -> new TreeSet<>())
                                    .addAll(variables);
                        }
                    });
                });
        return settings;
    }

    private static List<String> settingsOf(String column) {
        List<String> settings = new ArrayList<>();
        for (String name : column.replaceAll("[` ]", "").split(",")) {
            if (name.startsWith("_")) {
                String first = settings.get(0);
                settings.add(first.substring(0, first.lastIndexOf('_')) + name);
            } else if (name.matches("[A-Z][A-Z_]+")) {
                settings.add(name);
            }
        }
        return settings;
    }

    @ParameterizedTest
    @ValueSource(strings = {"signature-service", "counter-projection", "notifier"})
    void compose_sets_what_the_operations_guide_lists(String service) {
        Map<String, Object> environment = map(map(services().get(service)).get("environment"));
        assertThat(documentedSettings().get(service))
                .hasSizeGreaterThan(8)
                .allSatisfy(setting -> assertThat(environment).containsKey(setting));
    }

    @Test
    void compose_sets_what_the_operations_guide_demands_in_its_text() {
        String compose = text(HOME.resolve("docker-compose.yml"));
        assertThat(SETTING.matcher(text(HOME.resolve("docs/operations.md")))
                        .results()
                        .map(found -> found.group(1)))
                .hasSizeGreaterThan(25)
                .allSatisfy(setting -> assertThat(compose).contains(setting + ": "));
    }

    @Test
    void the_example_of_the_environment_has_every_variable_and_no_other() {
        Set<String> used = new TreeSet<>(VARIABLE.matcher(text(HOME.resolve("docker-compose.yml")))
                .results()
                .map(found -> found.group(1))
                .toList());
        Set<String> explained = new TreeSet<>(Pattern.compile("(?m)^([A-Z_]+)=")
                .matcher(text(HOME.resolve(".env.example")))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList());
        assertThat(explained).isEqualTo(used);
    }

    @Test
    void no_secret_stands_in_the_file_or_its_example() {
        assertThat(text(HOME.resolve(".env.example")).lines().filter(line -> line.matches("(KEYS_|.*PASSWORD).*")))
                .allSatisfy(line -> assertThat(line).endsWith("="));
        assertThat(text(HOME.resolve("docker-compose.yml"))
                        .lines()
                        .filter(line -> line.matches("\\s+\\S*(PASSWORD|KEYS)\\S*: .*")))
                .allSatisfy(line -> assertThat(line).contains("${"));
    }

    @Test
    void services_wait_for_healthy_dependencies_and_use_loopback_ports() {
        services().forEach((name, definition) -> {
            Map<String, Object> service = map(definition);
            if (!ends(service)) {
                assertThat(service).as(name).containsKey("healthcheck");
            }
            assertThat((List<?>) service.getOrDefault("ports", List.of()))
                    .as("ports of " + name)
                    .allSatisfy(port -> assertThat(port.toString()).startsWith("127.0.0.1:"));
            map(service.getOrDefault("depends_on", Map.of())).forEach((needed, condition) -> {
                assertThat(services()).containsKey(needed);
                String expected =
                        ends(map(services().get(needed))) ? "service_completed_successfully" : "service_healthy";
                assertThat(condition).isEqualTo(Map.of("condition", expected));
            });
        });
    }

    /** Whether the service does its work and ends. */
    private static boolean ends(Map<String, Object> service) {
        return "on-failure".equals(service.get("restart"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"signature-service", "counter-projection", "notifier"})
    void an_image_holds_the_program_and_starts_its_main_class(String service) {
        String dockerfile = text(HOME.resolve(service + "/Dockerfile"));
        List<String> copied = Pattern.compile("(?m)^COPY --chmod=0555 (.*) \\S+$")
                .matcher(dockerfile)
                .results()
                .flatMap(found -> Stream.of(found.group(1).split(" ")))
                .toList();
        assertThat(copied)
                .contains("target/lib", "target/" + service + ".jar")
                .allSatisfy(
                        path -> assertThat(HOME.resolve(service).resolve(path)).exists());
        String main = dockerfile.replaceAll("(?s).*ENTRYPOINT .*\"([\\w.]+)\"].*", "$1");
        assertThat(HOME.resolve(service + "/target/classes/" + main.replace('.', '/') + ".class"))
                .exists();
    }
}
