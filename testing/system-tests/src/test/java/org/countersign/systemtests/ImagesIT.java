package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.countersign.cli.images.Buildah;
import org.countersign.cli.images.ServiceContainers;
import org.countersign.cli.images.ServiceImages;
import org.countersign.cli.images.ServiceImages.Stage;
import org.countersign.localstack.InstalledJdk;
import org.countersign.localstack.LocalStack;
import org.countersign.localstack.StackLayout;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.server.Directories;
import org.countersign.localstack.server.FreePorts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The images of the three services, built with buildah, and their contents running on PostgreSQL and Kafka. */
@Tag("long")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ImagesIT {

    private static final Path HOME = Path.of(System.getProperty("countersign.home"));
    private static final Path FOLDER = HOME.resolve("testing/system-tests/target/images");
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final String PETITION = "shade-for-the-tram-stop";
    private static final String COUNTER = "counter-projection";
    private static final String ORGANISER_PASSWORD = "organiser's, for tests";
    private static final String QUICKLY_COMPILED = RunningStack.QUICKLY_COMPILED.get("JAVA_TOOL_OPTIONS");
    private static final int LAST = Integer.MAX_VALUE;

    private static final Buildah BUILDAH = new Buildah(Optional.of(FOLDER));
    private static final ServiceImages IMAGES = new ServiceImages(BUILDAH, HOME);
    private static final Ports PORTS = Ports.withOffset(RunningStack.freeOffset());
    private static final Map<String, ServiceContainers> CONTAINERS = new HashMap<>();
    private static LocalStack stack;

    static List<String> services() {
        return LocalStack.SERVICES;
    }

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        assume(Buildah.isInstalled("buildah") && Buildah.isInstalled("mmdebstrap"), "buildah, mmdebstrap");
        assume("root".equals(System.getProperty("user.name")), "the user root");
        assume(InstalledJdk.newest().hasAotCache(), "JDK 25 or newer");
        clear();
        Files.createDirectories(FOLDER.resolve("data/logs"));
        IMAGES.makeLocalBases();
        for (String service : services()) {
            IMAGES.build(service, Stage.PROGRAM);
        }
        // Writing one cache takes long enough.
        ServiceContainers containers =
                new ServiceContainers(BUILDAH, Stage.PROGRAM, services(), Set.of(COUNTER), FOLDER.resolve("temporary"));
        services().forEach(service -> CONTAINERS.put(service, containers));
        stack = new LocalStack(
                PORTS,
                HOME,
                FOLDER.resolve("data"),
                List.of(),
                StackLayout.TRAINING.with(
                        (service, environment) -> CONTAINERS.get(service).command(service, environment)),
                (part, status) -> {});
        // Does nothing after the end of the tests. The services must not outlive a test that is interrupted.
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> Optional.ofNullable(stack).ifPresent(LocalStack::close), "stop the images"));
        stack.start(settings(""));
    }

    private static void assume(boolean holds, String needed) {
        if (!holds) {
            System.err.println("""

                    *****************************************************************
                    *  THE IMAGES ARE NOT TESTED: they need %-23s *
                    *****************************************************************
                    """.formatted(needed + "."));
        }
        Assumptions.assumeTrue(holds, "SKIPPED: building images needs " + needed);
    }

    private static Map<String, String> settings(String options) {
        return Map.of(
                "COUNTERSIGN_ORGANISER_PASSWORD",
                ORGANISER_PASSWORD,
                "COUNTERSIGN_AUDITOR_PASSWORD",
                "auditor's, for tests",
                "COUNTERSIGN_WARM_UP_LIMIT",
                "0s",
                "JAVA_TOOL_OPTIONS",
                QUICKLY_COMPILED + options);
    }

    @AfterAll
    static void stop() throws IOException {
        if (stack != null) {
            stack.close();
            stack = null;
        }
        Set.copyOf(CONTAINERS.values()).forEach(ServiceContainers::close);
        clear();
    }

    /** Deletes what this test, or an earlier one that was killed, has left. */
    private static void clear() throws IOException {
        if (Files.exists(FOLDER)) {
            BUILDAH.clear();
            Directories.delete(FOLDER);
        }
    }

    @ParameterizedTest
    @MethodSource("services")
    void an_image_has_a_numeric_user_no_shell_no_secret_and_a_health_check(String service) {
        JsonNode image = BUILDAH.describe(Stage.PROGRAM.image(service));
        JsonNode config = image.path("config");
        assertThat(config.path("User").asString()).isEqualTo("10001:10001");
        assertThat(config.path("Entrypoint").get(0).asString()).isEqualTo("java");
        assertThat(config.path("Cmd")).isEmpty();
        assertThat(config.path("Healthcheck").path("Test").get(0).asString()).isEqualTo("CMD");
        assertThat(config.path("Env"))
                .extracting(JsonNode::asString)
                .allMatch(entry -> entry.matches("(JAVA_HOME|PATH)=.*"));
        assertThat(image.path("history").toString()).doesNotContainPattern("(?i)password|secret|keys|\\bRUN\\b");
    }

    @ParameterizedTest
    @MethodSource("services")
    void two_builds_of_the_same_jars_give_the_same_image(String service) throws IOException {
        // In Docker's format, buildah writes the random id of a container into the configuration.
        String name = "countersign/again-" + service;
        String first = IMAGES.build(service, Stage.PROGRAM, name, "--format", "oci", "--no-cache");
        String second = IMAGES.build(service, Stage.PROGRAM, name, "--format", "oci", "--no-cache");
        assertThat(second).isEqualTo(first);
    }

    @ParameterizedTest
    @MethodSource("services")
    void the_user_of_an_image_can_write_only_temporary_files(String service) throws IOException {
        Ended found = run(CONTAINERS
                .get(service)
                .run(
                        service,
                        Map.of(),
                        List.of("find", "/app", "/opt", "/etc", "/usr", "-writable", "-not", "-type", "l")));
        assertThat(found.output()).isEmpty();
        assertThat(found.status()).isZero();
        // The program runs in it at this moment.
        Path root = CONTAINERS.get(service).root(service);
        try (Stream<Path> files = Files.find(root, 64, (path, attributes) -> ownedByUserOfImage(path))) {
            assertThat(files).isEmpty();
        }
    }

    private static boolean ownedByUserOfImage(Path path) {
        try {
            return Files.getAttribute(path, "unix:uid", java.nio.file.LinkOption.NOFOLLOW_LINKS)
                    .equals(10001);
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("services")
    void the_health_check_of_an_image_tells_whether_the_service_is_ready(String service) {
        assertThat(healthCheck(service, PORTS.management(service))).satisfies(ready -> {
            assertThat(ready.output()).contains("readiness: 200");
            assertThat(ready.status()).isZero();
        });
        assertThat(healthCheck(service, FreePorts.any()).status()).isEqualTo(1);
    }

    private static Ended healthCheck(String service, int port) {
        return run(
                CONTAINERS.get(service).healthCheck(service, Map.of("MANAGEMENT_SERVER_PORT", Integer.toString(port))));
    }

    @Test
    @Order(LAST)
    void a_signature_is_confirmed_and_counted_and_the_cache_of_a_run_starts_the_next() throws Exception {
        publish();
        signAndConfirm("ada@tram.example");
        await().atMost(TIMEOUT).until(() -> verified() == 1);

        stack.stopService(COUNTER);
        ServiceImages trained = copyOf(COUNTER);
        Files.createDirectories(trained.cache(COUNTER).getParent());
        Files.move(CONTAINERS.get(COUNTER).writtenCache(COUNTER), trained.cache(COUNTER));
        trained.build(COUNTER, Stage.TRAINED);
        CONTAINERS.put(
                COUNTER,
                new ServiceContainers(
                        BUILDAH, Stage.TRAINED, Set.of(COUNTER), Set.of(), FOLDER.resolve("temporary-trained")));
        stack.startService(COUNTER, settings(" -Xlog:class+load"));

        signAndConfirm("bo@tram.example");
        await().atMost(TIMEOUT).until(() -> verified() == 2);
        assertClassesAreFromCache();
    }

    /** The directory of a build may hold a cache of its own, which this test leaves alone. */
    private static ServiceImages copyOf(String service) throws IOException {
        Path copy = FOLDER.resolve("copy");
        Files.createDirectories(copy.resolve(service));
        Files.copy(HOME.resolve("pom.xml"), copy.resolve("pom.xml"));
        for (String file :
                List.of("Dockerfile", ".dockerignore", "target/service.jvmopts", "target/" + service + ".jar")) {
            Files.createDirectories(copy.resolve(service).resolve(file).getParent());
            Files.copy(
                    HOME.resolve(service).resolve(file), copy.resolve(service).resolve(file));
        }
        Path libraries = Files.createDirectories(copy.resolve(service).resolve("target/lib"));
        try (Stream<Path> jars = Files.list(HOME.resolve(service).resolve("target/lib"))) {
            for (Path jar : jars.toList()) {
                Files.copy(jar, libraries.resolve(jar.getFileName()));
            }
        }
        return new ServiceImages(BUILDAH, copy);
    }

    private static void assertClassesAreFromCache() throws IOException {
        List<String> loaded = Files.readAllLines(FOLDER.resolve("data/logs").resolve(COUNTER + ".log")).stream()
                .filter(line -> line.contains(" source: "))
                .toList();
        assertThat(loaded)
                .anyMatch(line -> line.contains(
                        "org.countersign.counter.CounterProjectionApplication source: shared objects file"));
        assertThat(loaded.stream().filter(line -> line.contains("source: shared objects file")))
                .as("classes from the cache, of " + loaded.size())
                .hasSizeGreaterThan(loaded.size() * 9 / 10);
    }

    private static void publish() {
        ApiClient.require(
                201,
                new ApiClient()
                        .post(
                                PORTS.signatureService(),
                                "/api/petitions",
                                Map.of(
                                        "slug",
                                        PETITION,
                                        "title",
                                        "Shade for the tram stop",
                                        "statement",
                                        "It is hot.",
                                        "recipients",
                                        List.of("The Tram Company"),
                                        "goal",
                                        500,
                                        "organiser",
                                        Map.of("name", "Olga Organiser", "email", "olga@tram.example")),
                                Optional.of("organiser:" + ORGANISER_PASSWORD)));
    }

    private static void signAndConfirm(String email) {
        ApiClient.require(
                202,
                new ApiClient()
                        .post(
                                PORTS.signatureService(),
                                "/api/petitions/" + PETITION + "/signatures",
                                Map.of("name", "Sander Signer", "email", email, "country", "NL"),
                                Optional.empty()));
        String token = new MailboxReader(PORTS.mailbox()).await(email, 1).token("confirm");
        ApiClient.require(
                200,
                new ApiClient()
                        .post(
                                PORTS.signatureService(),
                                "/api/signatures/verify",
                                Map.of("token", token),
                                Optional.empty()));
    }

    private static long verified() {
        return new ApiClient()
                .get(PORTS.counterProjection(), "/api/petitions/" + PETITION + "/counts", Optional.empty())
                .json()
                .path("verified")
                .asLong(-1);
    }

    private record Ended(int status, String output) {}

    private static Ended run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), output);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
