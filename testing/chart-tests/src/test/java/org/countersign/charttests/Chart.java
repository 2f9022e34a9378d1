package org.countersign.charttests;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The chart, rendered by Helm as a library.
 *
 * <p>The library claims to be Kubernetes 1.20, and leaves out hooks. The tests therefore render a copy of the chart
 * without the required version of Kubernetes, in which hooks are ordinary objects with the annotation {@link #HOOK}.
 */
final class Chart {

    static final Path HOME = Path.of(System.getProperty("basedir")).getParent().getParent();
    static final Path SOURCE = HOME.resolve("deploy/helm/countersign");
    /** The annotation of a hook in the copy. */
    static final String HOOK = "rendered-hook";

    private static final Path TARGET = Path.of(System.getProperty("basedir")).resolve("target");
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Map<String, Manifests> RENDERED = new ConcurrentHashMap<>();

    private Chart() {}

    /** Renders the chart with the values of {@code ci/NAME-values.yaml}, once for all tests. */
    static Manifests with(String name) {
        return RENDERED.computeIfAbsent(name, any -> render(values(name)));
    }

    static Path values(String name) {
        return SOURCE.resolve("ci/" + name + "-values.yaml");
    }

    /**
     * Renders the chart.
     *
     * @throws RuntimeException with Helm's message, if the schema or a template refuses the values
     */
    static Manifests render(Path values) {
        return Manifests.parse(new Helm(Copy.DIRECTORY)
                .template()
                .withName("countersign")
                .withNamespace("petitions")
                .withValuesFile(values)
                .call());
    }

    /** Renders the chart with a values file, changed by further values. */
    static Manifests render(String name, String... keysAndValues) {
        var template = new Helm(Copy.DIRECTORY)
                .template()
                .withName("countersign")
                .withNamespace("petitions")
                .withValuesFile(values(name));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            template.set(keysAndValues[i], keysAndValues[i + 1]);
        }
        return Manifests.parse(template.call());
    }

    /** Checks a copy of the chart whose default values are overridden by the values file: lint takes no values. */
    static LintResult lint(String name) {
        Path directory = copy("lint-" + name);
        Map<String, Object> values = read(SOURCE.resolve("values.yaml"));
        merge(values, read(values(name)));
        write(directory.resolve("values.yaml"), YAML.writeValueAsString(values));
        return new Helm(directory).lint().strict().call();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a file with one YAML document. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> read(Path file) {
        return YAML.readValue(text(file), LinkedHashMap.class);
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static void merge(Map<String, Object> values, Map<String, Object> overriding) {
        overriding.forEach((key, value) -> {
            if (value instanceof Map && values.get(key) instanceof Map) {
                merge((Map<String, Object>) values.get(key), (Map<String, Object>) value);
            } else {
                values.put(key, value);
            }
        });
    }

    private static final class Copy {
        static final Path DIRECTORY = copy("rendered-chart");
    }

    private static Path copy(String name) {
        Path directory = TARGET.resolve(name);
        delete(directory);
        try (Stream<Path> files = Files.walk(SOURCE)) {
            for (Path file : files.filter(path -> !Files.isDirectory(path)).toList()) {
                Path copied = directory.resolve(SOURCE.relativize(file).toString());
                Files.createDirectories(copied.getParent());
                if (Files.isSymbolicLink(file)) {
                    // Helm must follow links here as it does in the original.
                    Files.createSymbolicLink(copied, file.toRealPath());
                } else {
                    Files.writeString(
                            copied,
                            Files.readString(file)
                                    .replaceFirst("(?m)^kubeVersion:.*$", "")
                                    .replace("helm.sh/hook:", HOOK + ":"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return directory;
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
