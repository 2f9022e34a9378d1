package org.countersign.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.countersign.testkit.TestServers;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The program with the argument migrate, on an empty database and without Kafka or keys, and the start after it. */
class SignatureServiceMigrationTest {

    private final TestServers.Database server = TestServers.database();

    private String[] arguments(String ownerPassword) {
        return new String[] {
            "migrate",
            "--spring.datasource.url=" + server.url(),
            "--spring.datasource.username=" + server.user(),
            "--spring.flyway.user=" + server.owner(),
            "--spring.flyway.password=" + ownerPassword,
            "--spring.flyway.connect-retries=0"
        };
    }

    /** As in the environment of a running service that leaves the migration to another process. */
    @BeforeEach
    void flywayIsDisabled() {
        System.setProperty("spring.flyway.enabled", "false");
    }

    @AfterEach
    void flywayIsAsBefore() {
        System.clearProperty("spring.flyway.enabled");
    }

    @Test
    void migrating_gives_the_service_its_tables_and_may_be_repeated() {
        SignatureServiceApplication.main(arguments(server.password()));
        SignatureServiceApplication.main(arguments(server.password()));
        JdbcClient service =
                JdbcClient.create(new DriverManagerDataSource(server.url(), server.user(), server.password()));
        assertThat(service.sql("select count(*) from unauthentic_event")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void a_migration_that_fails_ends_the_program_with_an_error() {
        assertThatThrownBy(() -> SignatureServiceApplication.main(arguments("wrong")))
                .hasStackTraceContaining("password authentication failed");
    }

    /** An old instance may start while instances of the next version run. */
    @Test
    void a_database_of_a_newer_version_keeps_its_rights() {
        SignatureServiceApplication.main(arguments(server.password()));
        JdbcClient owner =
                JdbcClient.create(new DriverManagerDataSource(server.url(), server.owner(), server.password()));
        owner.sql("create table of_next_version (id integer)").update();
        owner.sql("grant select on of_next_version to \"" + server.user() + "\"")
                .update();
        // The next version has changed each repeatable migration.
        owner.sql("update flyway_schema_history set checksum = checksum + 1 where version is null")
                .update();
        owner.sql("""
                insert into flyway_schema_history
                    (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
                select max(installed_rank) + 1, '999', 'next version', 'SQL', 'V999__next_version.sql', 1, 'test', 1, true
                from flyway_schema_history
                """).update();
        SignatureServiceApplication.main(arguments(server.password()));
        JdbcClient service =
                JdbcClient.create(new DriverManagerDataSource(server.url(), server.user(), server.password()));
        assertThat(service.sql("select count(*) from of_next_version")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    /** As a pod of the chart: without Flyway and the owner's password. Kafka is away, which no start needs. */
    @Test
    void the_service_starts_on_a_database_that_was_migrated_before() {
        String ring = "1:" + Base64.getEncoder().encodeToString(new byte[32]);
        SignatureServiceApplication.main(arguments(server.password()));
        try (ConfigurableApplicationContext service = SpringApplication.run(
                SignatureServiceApplication.class,
                "--spring.datasource.url=" + server.url(),
                "--spring.datasource.username=" + server.user(),
                "--spring.datasource.password=" + server.password(),
                "--spring.kafka.bootstrap-servers=127.0.0.1:1",
                "--server.port=0",
                "--management.server.port=0",
                "--countersign.warm-up.limit=0s",
                "--countersign.transparency.enabled=false",
                "--countersign.recovery.kafka-timeout=1s",
                "--countersign.internal.password=a machine's secret for tests",
                "--countersign.organiser.password=organiser's, for tests",
                "--countersign.auditor.password=auditor's, for tests",
                "--countersign.keys.event=" + ring,
                "--countersign.keys.signature-id=" + ring,
                "--countersign.keys.personal-data=" + ring,
                "--countersign.keys.token=" + ring,
                "--countersign.keys.log=" + ring)) {
            assertThat(service.getBean(ApplicationAvailability.class).getReadinessState())
                    .isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
            assertThat(service.getBeanNamesForType(Flyway.class)).isEmpty();
        }
    }
}
