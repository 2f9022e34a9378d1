package org.countersign.support.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.countersign.support.lock.AdvisoryLock;
import org.countersign.support.start.StartRefusedException;
import org.countersign.testkit.TestServers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** The real PgBouncer in each of its modes, in front of a real PostgreSQL. */
class PoolerCheckTest {

    private static final TestServers.Database DATABASE = TestServers.database();
    private static final String IGNORE_OPTIONS = "ignore_startup_parameters = extra_float_digits,options";
    private static final Duration LONG = Duration.ofMinutes(2);

    @BeforeEach
    void requireProgram() {
        assumeTrue(
                PgBouncer.program().isPresent(),
                "PgBouncer is not installed, so its detection is not tested. Install the package pgbouncer.");
    }

    private static HikariDataSource pool(String url) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setUsername(DATABASE.user());
        pool.setPassword(DATABASE.password());
        pool.setMaximumPoolSize(3);
        pool.setConnectionTimeout(2000);
        pool.addDataSourceProperty("options", "-c enable_seqscan=off");
        pool.setDataSource(PrimaryAutoConfiguration.connections(pool, new PromotionTracker(Stream::empty)));
        return pool;
    }

    /** Uses several server connections at once, so that the pooler keeps them for others. */
    private static void fill(PgBouncer pooler, int connections) throws SQLException {
        List<Connection> open = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Connection connection = DriverManager.getConnection(pooler.url(), DATABASE.user(), DATABASE.password());
            open.add(connection);
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("select 1");
            }
        }
        for (Connection connection : open) {
            connection.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "0, 0", "1, 0", "2, 0", "5, 0", "1, 1", "2, 1", "5, 1"})
    void transaction_pooling_is_refused_whatever_server_connection_comes_next(int kept, int roundRobin)
            throws SQLException {
        try (PgBouncer pooler = new PgBouncer(
                        DATABASE, "pool_mode = transaction", "server_round_robin = " + roundRobin, IGNORE_OPTIONS);
                HikariDataSource pool = pool(pooler.url())) {
            fill(pooler, kept);
            assertThatThrownBy(() -> PoolerCheck.atStart(pool.getDataSource(), LONG))
                    .isInstanceOfSatisfying(
                            StartRefusedException.class,
                            refused -> assertThat(refused.fix()).contains("directly", "pool_mode = session"))
                    .hasMessageContaining("transaction or statement pooling");
        }
    }

    @Test
    void statement_pooling_is_refused() {
        try (PgBouncer pooler = new PgBouncer(DATABASE, "pool_mode = statement", IGNORE_OPTIONS);
                HikariDataSource pool = pool(pooler.url())) {
            assertThatThrownBy(() -> PoolerCheck.atStart(pool.getDataSource(), LONG))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("transaction or statement pooling");
        }
    }

    @Test
    void session_pooling_is_accepted_and_advisory_locks_work() throws Exception {
        try (PgBouncer pooler = new PgBouncer(DATABASE, "pool_mode = session", IGNORE_OPTIONS);
                HikariDataSource pool = pool(pooler.url())) {
            PoolerCheck.atStart(pool.getDataSource(), LONG);
            assertThat(AdvisoryLock.ifFree(pool, 17, held -> {
                        held.check();
                        assertThat(AdvisoryLock.ifFree(pool, 17, second -> {})).isFalse();
                    }))
                    .isTrue();
        }
    }

    @Test
    void a_direct_connection_is_accepted() {
        try (HikariDataSource pool = pool(DATABASE.url())) {
            PoolerCheck.atStart(pool.getDataSource(), LONG);
        }
    }

    @Test
    void a_refused_setting_is_reported_at_once() {
        try (PgBouncer pooler = new PgBouncer(DATABASE, "pool_mode = transaction");
                HikariDataSource pool = pool(pooler.url())) {
            assertThatThrownBy(() -> PoolerCheck.atStart(pool.getDataSource(), LONG))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("refuses a setting of the service")
                    .hasMessageContaining("options");
        }
    }

    @Test
    void a_pool_refuses_each_connection_that_is_opened_later() throws SQLException {
        try (PgBouncer pooler = new PgBouncer(DATABASE, "pool_mode = transaction", IGNORE_OPTIONS);
                HikariDataSource pool = pool(pooler.url())) {
            pool.setInitializationFailTimeout(-1);
            assertThatThrownBy(pool::getConnection).hasRootCauseInstanceOf(UnsuitablePoolerException.class);
        }
    }

    @Test
    void a_program_does_not_start() {
        try (PgBouncer pooler = new PgBouncer(DATABASE, "pool_mode = transaction", IGNORE_OPTIONS)) {
            SpringApplication program = new SpringApplication(ProgramWithDatabase.class);
            program.setWebApplicationType(WebApplicationType.NONE);
            assertThatThrownBy(() -> program.run(
                            "--spring.datasource.url=" + pooler.url(),
                            "--spring.datasource.username=" + DATABASE.user(),
                            "--spring.datasource.password=" + DATABASE.password(),
                            "--spring.datasource.hikari.initialization-fail-timeout=120000"))
                    .rootCause()
                    .isInstanceOf(UnsuitablePoolerException.class);
        }
    }

    /** Spring Boot prints what an analyzer says about the failure. */
    @Test
    void the_reason_and_the_fix_are_printed() {
        Throwable failure = new IllegalStateException("outer", new StartRefusedException("the reason", "the fix"));
        // Some of Spring Boot's analyzers need a context.
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation()
                        .load(
                                FailureAnalyzer.class,
                                SpringFactoriesLoader.FailureHandler.handleMessage((message, unused) -> {}))
                        .stream()
                        .flatMap(analyzer -> Stream.ofNullable(analyzer.analyze(failure)))
                        .findFirst())
                .hasValueSatisfying(analysis -> {
                    assertThat(analysis.getDescription()).isEqualTo("the reason");
                    assertThat(analysis.getAction()).isEqualTo("the fix");
                });
    }

    @ImportAutoConfiguration({DataSourceAutoConfiguration.class, PrimaryAutoConfiguration.class})
    static class ProgramWithDatabase {}
}
