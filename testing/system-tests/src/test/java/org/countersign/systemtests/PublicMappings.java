package org.countersign.systemtests;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The paths that a service answers with GET, from its compiled controllers and its static files. */
final class PublicMappings {

    private static final String WEB = "org.springframework.web.bind.annotation.";
    private static final String CONTROLLER = "org.springframework.stereotype.Controller";

    private PublicMappings() {}

    /**
     * Returns the path patterns of a service. Some of them need credentials.
     *
     * @param home the project's directory
     * @param service the name of its module
     */
    static Set<String> of(Path home, String service) {
        Set<String> patterns = new TreeSet<>(staticFiles(home.resolve(service + "/src/main/resources/static")));
        for (JavaClass controller : new ClassFileImporter().importPath(home.resolve(service + "/target/classes"))) {
            if (controller.isAnnotatedWith(WEB + "RestController") || controller.isAnnotatedWith(CONTROLLER)) {
                patterns.addAll(patterns(controller));
            }
        }
        return patterns;
    }

    private static Set<String> staticFiles(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Set.of();
        }
        Set<String> files = new TreeSet<>();
        try (Stream<Path> found = Files.walk(directory)) {
            found.filter(Files::isRegularFile).forEach(file -> files.add("/" + directory.relativize(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static List<String> patterns(JavaClass controller) {
        List<String> prefixes = controller
                .tryGetAnnotationOfType(WEB + "RequestMapping")
                .map(PublicMappings::paths)
                .orElse(List.of(""));
        List<String> patterns = new ArrayList<>();
        for (JavaMethod method : controller.getMethods()) {
            for (String mapping : List.of("GetMapping", "RequestMapping")) {
                method.tryGetAnnotationOfType(WEB + mapping)
                        .ifPresent(annotation -> prefixes.forEach(
                                prefix -> paths(annotation).forEach(path -> patterns.add(prefix + path))));
            }
        }
        return patterns;
    }

    private static List<String> paths(JavaAnnotation<?> annotation) {
        for (String attribute : List.of("value", "path")) {
            if (annotation.get(attribute).orElse(new String[0]) instanceof String[] given && given.length > 0) {
                return List.of(given);
            }
        }
        return List.of("");
    }
}
