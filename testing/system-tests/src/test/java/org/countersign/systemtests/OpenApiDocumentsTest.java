package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaEnumConstant;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The OpenAPI documents describe the calls that the compiled controllers answer, and no others. */
class OpenApiDocumentsTest {

    private static final Path HOME =
            Path.of(System.getProperty("basedir")).getParent().getParent();
    private static final String WEB = "org.springframework.web.bind.annotation.";
    private static final List<String> MAPPINGS =
            List.of("GetMapping", "PostMapping", "PutMapping", "PatchMapping", "DeleteMapping", "RequestMapping");

    /** The event loop of the counter answers the stream. The controller of the access log is in service-support. */
    private static final Map<String, Set<String>> WITHOUT_CONTROLLER = Map.of(
            "counter-projection", Set.of("get /api/petitions/{petition}/counts/stream", "get /api/access-log"),
            "signature-service", Set.of("get /api/access-log"),
            "notifier", Set.of("get /api/access-log"));

    @ParameterizedTest
    @ValueSource(strings = {"signature-service", "counter-projection", "notifier"})
    void the_document_lists_the_calls_of_the_service(String service) throws IOException {
        Set<String> answered = new TreeSet<>(WITHOUT_CONTROLLER.get(service));
        for (JavaClass controller :
                new ClassFileImporter().importPath(HOME.resolve(service).resolve("target/classes"))) {
            if (controller.isAnnotatedWith(WEB + "RestController")) {
                answered.addAll(callsOf(controller));
            }
        }
        assertThat(operations(service).keySet()).containsExactlyInAnyOrderElementsOf(answered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"signature-service", "counter-projection", "notifier"})
    void every_call_has_a_summary_an_id_security_and_problem_answers(String service) throws IOException {
        Map<String, Map<String, Object>> operations = operations(service);
        assertThat(operations).allSatisfy((call, operation) -> {
            assertThat(operation).containsKeys("summary", "operationId", "tags", "security", "responses");
            assertThat(map(operation.get("responses")).keySet())
                    .anyMatch(status -> status.startsWith("2"))
                    .anyMatch(status -> status.startsWith("4") || status.startsWith("5"));
            if (operation.containsKey("requestBody")) {
                Map<String, Object> json = map(map(
                        map(map(operation.get("requestBody")).get("content")).get("application/json")));
                assertThat(json).containsKeys("schema", "example");
            }
        });
        assertThat(operations.values())
                .extracting(operation -> operation.get("operationId"))
                .doesNotHaveDuplicates();
    }

    private static Map<String, Map<String, Object>> operations(String service) throws IOException {
        Map<String, Object> document =
                map(new Yaml().load(Files.readString(HOME.resolve(service + "/src/main/resources/openapi.yaml"))));
        Map<String, Map<String, Object>> operations = new java.util.TreeMap<>();
        map(document.get("paths"))
                .forEach((path, methods) -> map(methods)
                        .forEach((method, operation) -> operations.put(method + " " + path, map(operation))));
        return operations;
    }

    private static List<String> callsOf(JavaClass controller) {
        String prefix = controller
                .tryGetAnnotationOfType(WEB + "RequestMapping")
                .map(OpenApiDocumentsTest::path)
                .orElse("");
        List<String> calls = new ArrayList<>();
        for (JavaMethod method : controller.getMethods()) {
            for (String mapping : MAPPINGS) {
                method.tryGetAnnotationOfType(WEB + mapping)
                        .map(annotation -> verb(mapping, annotation) + " " + documented(prefix + path(annotation)))
                        .filter(call -> !call.contains(" /internal/"))
                        .ifPresent(calls::add);
            }
        }
        return calls;
    }

    private static String documented(String path) {
        return path.replace("{*path}", "{path}");
    }

    private static String verb(String mapping, JavaAnnotation<?> annotation) {
        if (!mapping.equals("RequestMapping")) {
            return mapping.replace("Mapping", "").toLowerCase(Locale.ROOT);
        }
        return ((JavaEnumConstant[]) annotation.get("method").orElseThrow())
                [0].name()
                .toLowerCase(Locale.ROOT);
    }

    private static String path(JavaAnnotation<?> annotation) {
        for (String attribute : List.of("value", "path")) {
            Object paths = annotation.get(attribute).orElse(new String[0]);
            if (paths instanceof String[] given && given.length > 0) {
                return given[0];
            }
        }
        return "";
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
