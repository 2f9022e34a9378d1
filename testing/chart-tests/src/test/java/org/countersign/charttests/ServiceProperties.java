package org.countersign.charttests;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** The properties that a service reads, and the variables that docs/operations.md lists for it. */
final class ServiceProperties {

    static final List<String> SERVICES = List.of("signature-service", "counter-projection", "notifier");

    private static final Pattern VALUE = Pattern.compile("@Value\\(\"\\$\\{([^:}]+)");
    private static final Map<String, String> NAMES_IN_THE_GUIDE =
            Map.of("signature-service", "signature service", "counter-projection", "counter", "notifier", "notifier");

    private ServiceProperties() {}

    /**
     * The environment variables that set a property of the service. Those are the properties of application.yml and of
     * {@code @Value}, and Spring Boot's own properties of each group that application.yml uses.
     */
    static Set<String> variables(String service) {
        Set<String> inFile = new HashSet<>();
        flatten("", Chart.read(Chart.HOME.resolve(service + "/src/main/resources/application.yml")), inFile);
        Set<String> groups = new HashSet<>();
        inFile.forEach(property -> groups.add(group(property)));
        Set<String> properties = new HashSet<>(inFile);
        Stream.of(service, "libs/service-support").forEach(module -> addValues(module, properties));
        springProperties().stream()
                .filter(property -> groups.contains(group(property)))
                .forEach(properties::add);
        Set<String> variables = new HashSet<>();
        properties.forEach(property -> variables.addAll(variablesOf(property)));
        return variables;
    }

    /** The names under which Spring Boot finds a property: hyphens left out, or made underscores. */
    private static List<String> variablesOf(String property) {
        String upper = property.toUpperCase(Locale.ROOT).replace('.', '_');
        return List.of(upper.replace("-", ""), upper.replace('-', '_'));
    }

    /** The first two parts of a name, such as spring.mail. */
    private static String group(String property) {
        String[] parts = property.split("\\.");
        return parts.length < 3 ? property : parts[0] + "." + parts[1];
    }

    @SuppressWarnings("unchecked")
    private static void flatten(String prefix, Map<String, Object> yaml, Set<String> properties) {
        yaml.forEach((key, value) -> {
            if (value instanceof Map) {
                flatten(prefix + key + ".", (Map<String, Object>) value, properties);
            } else {
                properties.add(prefix + key);
            }
        });
    }

    private static void addValues(String module, Set<String> properties) {
        try (Stream<Path> sources = Files.walk(Chart.HOME.resolve(module + "/src/main/java"))) {
            sources.filter(Files::isRegularFile)
                    .forEach(source -> VALUE.matcher(Chart.text(source))
                            .results()
                            .map(found -> found.group(1))
                            .forEach(properties::add));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> springProperties() {
        Set<String> properties = new HashSet<>();
        try {
            for (URL metadata : Collections.list(ServiceProperties.class
                    .getClassLoader()
                    .getResources("META-INF/spring-configuration-metadata.json"))) {
                try (InputStream in = metadata.openStream()) {
                    new JsonMapper()
                            .readTree(in)
                            .get("properties")
                            .forEach(property ->
                                    properties.add(property.get("name").asString()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }

    /** The variables of a service in the table of docs/operations.md, with short forms such as {@code _USERNAME}. */
    static Set<String> documented(String service) {
        Set<String> documented = new TreeSet<>();
        Chart.text(Chart.HOME.resolve("docs/operations.md"))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|"))
                .filter(columns -> columns[2].contains("all") || columns[2].contains(NAMES_IN_THE_GUIDE.get(service)))
                .forEach(columns -> documented.addAll(variablesIn(columns[1])));
        return documented;
    }

    private static List<String> variablesIn(String column) {
        List<String> variables = new ArrayList<>();
        for (String name : column.replaceAll("[` ]", "").split(",")) {
            if (name.startsWith("_")) {
                String first = variables.get(0);
                variables.add(first.substring(0, first.lastIndexOf('_')) + name);
            } else if (name.matches("[A-Z][A-Z_]+")) {
                variables.add(name);
            }
        }
        return variables;
    }
}
