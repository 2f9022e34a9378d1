package org.countersign.signature.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.countersign.localstack.net.Endpoint;
import org.countersign.localstack.net.Route;
import org.countersign.localstack.server.FreePorts;
import org.countersign.localstack.server.KafkaBroker;
import org.countersign.localstack.server.KafkaCluster;
import org.countersign.localstack.server.PostgresCluster;
import org.countersign.localstack.server.PostgresDatabases;
import org.countersign.signature.ServiceUnderTest;
import org.countersign.testkit.TestServers;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The service requires durability, on a PostgreSQL cluster and three Kafka brokers. */
@DirtiesContext
class ClusterDurabilityTest extends ServiceUnderTest {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String NAME = "signature_service";
    private static final String PASSWORD = "test";
    private static final Path DIRECTORY = TestServers.temporaryDirectory();
    private static final PostgresCluster POSTGRES = startPostgres();
    private static final KafkaCluster KAFKA = new KafkaCluster(
            Uuid.randomUuid(),
            IntStream.rangeClosed(1, 3)
                    .mapToObj(number -> new KafkaCluster.Member(
                            number, Endpoint.loopback(FreePorts.any()), Endpoint.loopback(FreePorts.any())))
                    .toList(),
            Route.DIRECT);

    @Autowired
    private DurabilityCheck check;

    private static PostgresCluster startPostgres() {
        // This supervisor empties synchronous_standby_names while the standby is away.
        PostgresCluster cluster = PostgresCluster.start(DIRECTORY, PostgresCluster.CommitPolicy.PREFERRED, PASSWORD);
        cluster.databases().create(NAME, PASSWORD, PASSWORD);
        cluster.databases().grantStatistics(NAME);
        return cluster;
    }

    private static List<KafkaBroker> startKafka() {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<KafkaBroker> brokers = KAFKA.members().stream()
                .map(member -> KAFKA.launch(
                        java,
                        DIRECTORY.resolve("kafka-" + member.id()),
                        DIRECTORY.resolve("kafka-" + member.id() + ".log"),
                        member))
                .toList();
        brokers.forEach(KafkaBroker::awaitReady);
        return brokers;
    }

    @DynamicPropertySource
    static void cluster(DynamicPropertyRegistry properties) {
        // Not in the initialisation of this class, for which the starting threads would wait.
        List<KafkaBroker> brokers = startKafka();
        properties.add("spring.datasource.url", () -> POSTGRES.url(NAME));
        properties.add("spring.datasource.username", () -> NAME);
        properties.add("spring.datasource.password", () -> PASSWORD);
        properties.add("spring.flyway.user", () -> PostgresDatabases.ownerOf(NAME));
        properties.add("spring.flyway.password", () -> PASSWORD);
        properties.add("spring.kafka.bootstrap-servers", KAFKA::bootstrapServers);
        properties.add("countersign.durability", () -> "required");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            KafkaBroker.closeAll(brokers);
            POSTGRES.close();
        }));
    }

    private List<FindingCode> found() {
        check.check();
        return check.report().findings().stream().map(DurabilityFinding::code).toList();
    }

    @Test
    void the_service_starts_without_findings() {
        await().atMost(LONG).untilAsserted(() -> assertThat(found()).isEmpty());
        assertThat(check.report().synchronousStandbys()).hasValue(1);
        assertThat(management()
                        .get("/actuator/health/durability")
                        .json()
                        .path("status")
                        .asString())
                .isEqualTo("UP");
        assertThat(sign(publishedPetition(), "sona@example.org").status()).isEqualTo(202);
    }

    @Test
    void a_standby_that_commits_do_not_wait_for_is_reported_until_it_is_back() throws Exception {
        signalStandby("STOP");
        await().atMost(LONG).until(() -> found().contains(FindingCode.POSTGRES_NO_STANDBY));
        signalStandby("CONT");
        await().atMost(LONG).until(() -> found().isEmpty());
    }

    private static void signalStandby(String signal) throws IOException, InterruptedException {
        ProcessHandle first = PostgresCluster.parts().stream()
                .filter(part -> !part.equals(POSTGRES.primary()))
                .flatMap(part -> POSTGRES.process(part).stream())
                .findFirst()
                .orElseThrow();
        for (ProcessHandle process :
                Stream.concat(first.descendants(), Stream.of(first)).toList()) {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        }
    }

    @Test
    void a_topic_with_too_few_in_sync_replicas_is_reported() throws Exception {
        await().atMost(LONG).until(() -> found().isEmpty());
        setMinInSync("1");
        await().atMost(LONG).untilAsserted(() -> assertThat(found()).containsExactly(FindingCode.KAFKA_MIN_INSYNC));
        setMinInSync("2");
        await().atMost(LONG).until(() -> found().isEmpty());
    }

    private static void setMinInSync(String value) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "signature-events");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", KAFKA.bootstrapServers()))) {
            await().atMost(LONG).until(() -> admin.listTopics().names().get().contains("signature-events"));
            admin.incrementalAlterConfigs(Map.of(
                            topic,
                            Set.of(new AlterConfigOp(
                                    new ConfigEntry("min.insync.replicas", value), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    @Test
    void a_synchronous_commit_that_is_off_for_the_role_is_reported() {
        await().atMost(LONG).until(() -> found().isEmpty());
        JdbcClient role = JdbcClient.create(new DriverManagerDataSource(POSTGRES.url(NAME), NAME, PASSWORD));
        role.sql("alter role current_user set synchronous_commit = local").update();
        assertThat(found()).containsExactly(FindingCode.POSTGRES_SYNCHRONOUS_COMMIT);
        role.sql("alter role current_user reset synchronous_commit").update();
        assertThat(found()).isEmpty();
    }

    @Test
    void without_the_right_to_see_standbys_their_number_is_unknown() throws Exception {
        POSTGRES.databases().create("without_rights", PASSWORD, PASSWORD);
        Flyway.configure()
                .dataSource(POSTGRES.url("without_rights"), PostgresDatabases.ownerOf("without_rights"), PASSWORD)
                .placeholders(Map.of("runtimeRole", "without_rights"))
                .load()
                .migrate();
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setDataSource(new DriverManagerDataSource(POSTGRES.url("without_rights"), "without_rights", PASSWORD));
            PostgresDurability read = new PostgresDurabilityReader(pool).read();
            assertThat(read.synchronousStandbys()).isEmpty();
            assertThat(read.findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.text())
                            .contains("postgres-standby-unknown", "grant pg_read_all_stats to without_rights_owner"));
        }
    }
}
