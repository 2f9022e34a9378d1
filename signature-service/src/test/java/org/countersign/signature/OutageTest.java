package org.countersign.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.countersign.signature.relay.KafkaReader.header;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.countersign.localstack.server.FreePorts;
import org.countersign.localstack.server.KafkaBroker;
import org.countersign.localstack.server.PostgresServer;
import org.countersign.signature.relay.KafkaReader;
import org.countersign.testkit.HttpProbe;
import org.countersign.testkit.TestServers;
import org.junit.jupiter.api.Test;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Stops and starts a separate PostgreSQL and Kafka while the service runs. */
@DirtiesContext
class OutageTest extends ServiceUnderTest {

    private static final Path DIRECTORY = TestServers.temporaryDirectory();
    private static final int KAFKA_PORT = FreePorts.any();
    private static final int CONTROLLER_PORT = FreePorts.any();
    private static final int POSTGRES_PORT = FreePorts.any();
    private static final int MAX_CONCURRENT_REQUESTS = 20;
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private static PostgresServer postgres = startPostgres();
    private static KafkaBroker kafka = startKafka();

    private static PostgresServer startPostgres() {
        return PostgresServer.start(
                DIRECTORY.resolve("postgres"), DIRECTORY.resolve("postgres.log"), POSTGRES_PORT, "test");
    }

    private static KafkaBroker startKafka() {
        return KafkaBroker.start(
                JAVA, DIRECTORY.resolve("kafka"), DIRECTORY.resolve("kafka.log"), KAFKA_PORT, CONTROLLER_PORT);
    }

    @DynamicPropertySource
    static void ownServers(DynamicPropertyRegistry properties) {
        postgres.databases().create("signature_service", "test");
        properties.add("spring.datasource.url", () -> postgres.url("signature_service"));
        properties.add("spring.datasource.username", () -> "signature_service");
        properties.add("spring.datasource.password", () -> "test");
        properties.add("spring.kafka.bootstrap-servers", () -> kafka.bootstrapServers());
        properties.add("countersign.requests.at-a-time", () -> MAX_CONCURRENT_REQUESTS);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            kafka.close();
            postgres.close();
        }));
    }

    private CompletableFuture<HttpResponse<String>> signAsync(String petition, int person) {
        return client.sendAsync(
                HttpRequest.newBuilder(uri("/api/petitions/" + petition + "/signatures"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                form("Sona Signer", "person" + person + "@example.org")))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private long head() {
        return database.sql("select last_index from log_head").query(Long.class).single();
    }

    @Test
    void overload_answers_503_and_keeps_the_admitted_requests() throws Exception {
        String petition = publishedPetition();
        long before = head();
        List<CompletableFuture<HttpResponse<String>>> responses;
        try (Connection connection =
                        DriverManager.getConnection(postgres.url("signature_service"), "signature_service", "test");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select * from log_head for update");
            responses = IntStream.range(0, 3 * MAX_CONCURRENT_REQUESTS)
                    .mapToObj(person -> signAsync(petition, person))
                    .toList();
            await().atMost(Duration.ofSeconds(60))
                    .until(() ->
                            responses.stream().filter(CompletableFuture::isDone).count()
                                    >= 2 * MAX_CONCURRENT_REQUESTS);
            assertThat(responses.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join))
                    .allSatisfy(rejected -> {
                        assertThat(rejected.statusCode()).isEqualTo(503);
                        assertThat(rejected.headers().firstValue("Retry-After")).isPresent();
                        assertThat(rejected.headers().firstValue("Content-Type"))
                                .contains("application/problem+json");
                    });
            assertThat(management().get("/actuator/health/liveness").status())
                    .as("requests of probes are admitted")
                    .isEqualTo(200);
            connection.rollback();
        }
        // An admitted command that the writer has not taken yet may reach the timeout of the queue.
        long accepted = responses.stream()
                .map(CompletableFuture::join)
                .filter(response -> response.statusCode() == 202)
                .count();
        assertThat(accepted).isBetween(1L, (long) MAX_CONCURRENT_REQUESTS);
        assertThat(head()).isEqualTo(before + accepted);
    }

    @Test
    void signing_needs_postgresql_and_kafka_catches_up_later() {
        String petition = publishedPetition();
        assertThat(sign(petition, "before@example.org").status()).isEqualTo(202);

        postgres.close();
        HttpProbe.Response rejected = sign(petition, "meanwhile@example.org");
        assertThat(rejected.status()).isEqualTo(503);
        assertThat(rejected.headers().firstValue("Retry-After")).isPresent();
        assertThat(rejected.headers().firstValue("Content-Type")).contains("application/problem+json");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> management().get("/actuator/health/readiness").status() == 503);
        assertThat(management().get("/actuator/health/liveness").status()).isEqualTo(200);
        postgres = startPostgres();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> sign(petition, "after@example.org").status() == 202);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> management()
                        .get("/actuator/health/readiness")
                        .json()
                        .get("status")
                        .asString()
                        .equals("UP"));

        kafka.close();
        assertThat(sign(petition, "without-kafka@example.org").status()).isEqualTo(202);
        await().atMost(Duration.ofSeconds(90))
                .until(() -> management()
                        .get("/actuator/health/readiness")
                        .json()
                        .get("status")
                        .asString()
                        .equals("DEGRADED"));
        assertThat(sign(petition, "still-without-kafka@example.org").status()).isEqualTo(202);
        kafka = startKafka();
        long head = head();
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(KafkaReader.all(kafka.bootstrapServers()))
                        .extracting(record -> Long.parseLong(header(record, "ce_index")))
                        .containsExactlyInAnyOrderElementsOf(
                                LongStream.rangeClosed(1, head).boxed().toList()));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> management()
                        .get("/actuator/health/readiness")
                        .json()
                        .get("status")
                        .asString()
                        .equals("UP"));
    }
}
