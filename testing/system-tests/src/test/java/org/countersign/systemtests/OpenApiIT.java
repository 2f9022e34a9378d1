package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The OpenAPI documents of the running services: other programs can rely on them. */
class OpenApiIT {

    private static final Path HOME = Path.of(System.getProperty("countersign.home"));
    private static final Path TOOLS = HOME.resolve("testing/system-tests/target/npm");
    private static final Path SOURCES = HOME.resolve("testing/system-tests/src/test/npm");
    private static final int TIMEOUT_MINUTES = 4;

    private final RunningStack stack = RunningStack.shared();

    /** The services and their ports on the stack. */
    enum Service {
        SIGNATURE("signature-service", Ports::signatureService, Ports::signatureServiceManagement),
        COUNTER("counter-projection", Ports::counterProjection, Ports::counterProjectionManagement),
        NOTIFIER("notifier", Ports::notifier, Ports::notifierManagement);

        private final String module;
        private final ToIntFunction<Ports> port;
        private final ToIntFunction<Ports> management;

        Service(String module, ToIntFunction<Ports> port, ToIntFunction<Ports> management) {
            this.module = module;
            this.port = port;
            this.management = management;
        }
    }

    /** What a program printed, and how it ended. */
    private record Execution(int status, String output) {}

    @BeforeAll
    static void installTools() throws IOException, InterruptedException {
        Files.createDirectories(TOOLS);
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.toList()) {
                Files.copy(file, TOOLS.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void requireTools() throws IOException, InterruptedException {
        boolean hasNode = run("node", "--version").status() == 0
                && run("npm", "--version").status() == 0;
        if (!hasNode) {
            System.err.println("There is no Node.js with npm: the tests of the OpenAPI documents with it are SKIPPED.");
        }
        assumeTrue(hasNode, "Node.js with npm");
        if (!Files.exists(TOOLS.resolve("node_modules/.package-lock.json"))) {
            Execution install = run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
            assertThat(install.status()).as(install.output()).isZero();
        }
    }

    private static Execution run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(TOOLS, "output", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(TOOLS.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)).isTrue();
            return new Execution(process.exitValue(), Files.readString(output));
        } catch (IOException notFound) {
            return new Execution(127, notFound.toString());
        } finally {
            Files.delete(output);
        }
    }

    private ApiClient.ApiResponse get(Service service, String path, Optional<String> credentials) {
        return new ApiClient().get(service.port.applyAsInt(stack.ports()), path, credentials);
    }

    private String url(Service service) {
        return Ports.url(service.port.applyAsInt(stack.ports()));
    }

    private JsonNode document(Service service) {
        return new ApiClient()
                .get(service.management.applyAsInt(stack.ports()), "/v3/api-docs", Optional.empty())
                .json();
    }

    @Test
    void the_recommended_lint_rules_find_nothing() throws IOException, InterruptedException {
        requireTools();
        for (Service service : Service.values()) {
            Path file = TOOLS.resolve(service.module + ".json");
            Files.writeString(file, document(service).toString());
            Execution lint = run(
                    "node_modules/.bin/redocly",
                    "lint",
                    "--max-problems=50",
                    file.getFileName().toString());
            assertThat(lint.status()).as(lint.output()).isZero();
            assertThat(lint.output()).contains("Your API description is valid").doesNotContain("You have");
        }
    }

    @Test
    void a_generated_client_signs_confirms_and_reads_the_counts() throws IOException, InterruptedException {
        requireTools();
        for (Service service : List.of(Service.SIGNATURE, Service.COUNTER)) {
            Files.writeString(
                    TOOLS.resolve(service.module + ".json"), document(service).toString());
            Execution generated = run(
                    "node_modules/.bin/openapi-typescript", service.module + ".json", "-o", service.module + ".d.ts");
            assertThat(generated.status()).as(generated.output()).isZero();
        }
        Execution compiled = run("node_modules/.bin/tsc", "-p", "tsconfig.json");
        assertThat(compiled.status()).as(compiled.output()).isZero();
        String petition = stack.publish(Map.of("slug", "signed-by-a-program"));
        Execution client = run(
                "node",
                "out/client.js",
                url(Service.SIGNATURE),
                url(Service.COUNTER),
                Ports.url(stack.ports().mailbox()),
                petition,
                "program@reed.example");
        assertThat(client.status()).as(client.output()).isZero();
        assertThat(client.output()).contains("verified 1 of ", "invalid fields: email, name");
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void reads_answer_as_the_document_says(Service service) {
        JsonNode document = document(service);
        String petition = stack.publish(Map.of("slug", "read-" + service.module));
        List<String> checked = new ArrayList<>();
        document.get("paths").properties().forEach(path -> {
            JsonNode operation = path.getValue().get("get");
            if (operation == null || path.getKey().endsWith("/stream")) {
                return;
            }
            String address = path.getKey()
                    .replace("{petition}", petition)
                    .replace("{organisation}", "main")
                    .replace("{id}", "0576e50d-5a4b-8c1e-9a57-0f2e1c9d3b7a")
                    .replace("{path}", "0/000");
            for (boolean known : new boolean[] {true, false}) {
                String url = known ? address : address.replace(petition, "no-such-petition");
                ApiClient.ApiResponse answer = get(service, url, credentials(operation));
                checkAnswer(document, operation, url, answer);
            }
            checked.add(path.getKey());
        });
        assertThat(checked).hasSizeGreaterThan(2);
    }

    private static Optional<String> credentials(JsonNode operation) {
        JsonNode security = operation.get("security");
        if (security.isEmpty()) {
            return Optional.empty();
        }
        return security.get(0).has("auditor") ? RunningStack.auditor() : RunningStack.organiser();
    }

    private static void checkAnswer(JsonNode document, JsonNode operation, String url, ApiClient.ApiResponse answer) {
        String status = Integer.toString(answer.status());
        JsonNode response = operation.get("responses").get(status);
        assertThat(response).as("documented answer " + status + " of " + url).isNotNull();
        if (response.has("$ref")) {
            response = document.at(response.get("$ref").asString().substring(1));
        }
        response.path("content").properties().forEach(content -> {
            String type = content.getKey();
            if (type.equals("application/json") || type.equals("application/problem+json")) {
                assertThat(valid(document, content.getValue().get("schema"), answer.body()))
                        .as(url + " answered " + answer.body())
                        .isEmpty();
            }
        });
    }

    private static List<?> valid(JsonNode document, JsonNode schema, String body) {
        ObjectNode whole = JsonMapper.builder().build().createObjectNode();
        whole.set("components", document.get("components"));
        whole.set("allOf", JsonMapper.builder().build().createArrayNode().add(schema));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(whole.toString())
                .validate(body, InputFormat.JSON);
    }
}
