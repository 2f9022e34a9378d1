package org.countersign.support.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.countersign.localstack.server.PostgresCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real primary is lost, and its standby is promoted. */
class PromotionTest {

    private static final String PASSWORD = "service's";
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    static Path directory;

    private static PostgresCluster cluster;

    private final AtomicInteger promotions = new AtomicInteger();
    private final PromotionTracker tracker = new PromotionTracker(() -> Stream.of(promotions::incrementAndGet));
    private HikariDataSource pool;
    private PromotionWatch watch;

    @BeforeAll
    static void startCluster() {
        cluster = PostgresCluster.start(directory, PostgresCluster.CommitPolicy.REQUIRED, "administrator's");
        cluster.databases().create("accounts", PASSWORD);
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @BeforeEach
    void connect() {
        pool = new HikariDataSource();
        pool.setJdbcUrl(cluster.url("accounts"));
        pool.setUsername("accounts");
        pool.setPassword(PASSWORD);
        pool.setMaximumPoolSize(2);
        pool.setConnectionTimeout(1000);
        pool.addDataSourceProperty("socketTimeout", "600");
        pool.setDataSource(PrimaryAutoConfiguration.connections(pool, tracker));
        watch = new PromotionWatch(pool.getDataSource());
        watch.start();
        execute("create table if not exists account (number int)");
        execute("delete from account");
    }

    @AfterEach
    void disconnect() {
        watch.stop();
        pool.close();
    }

    private void execute(String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private int count() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from account")) {
            row.next();
            return row.getInt(1);
        }
    }

    private void awaitBothReady() {
        await().atMost(LONG).until(() -> PostgresCluster.parts().stream().allMatch(cluster::isReady));
    }

    @Test
    void a_statement_at_a_primary_that_never_answers_ends_when_the_standby_is_promoted() throws Exception {
        execute("insert into account values (1)");
        String old = cluster.primary();
        long pid = cluster.process(old).orElseThrow().pid();
        Connection waiting = pool.getConnection();
        CompletableFuture<Void> statement = CompletableFuture.runAsync(() -> {
            try (Statement sleeping = waiting.createStatement()) {
                sleeping.execute("select pg_sleep(3600)");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        signal(pid, "STOP");
        await().atMost(LONG).until(() -> !cluster.primary().equals(old));
        assertThatThrownBy(statement::join).hasRootCauseInstanceOf(IOException.class);
        waiting.close();
        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(count()).isEqualTo(1));
        assertThat(promotions).hasValue(1);
        awaitBothReady();
    }

    @Test
    void a_killed_primary_comes_back_as_the_standby_with_every_acknowledged_commit() throws Exception {
        execute("insert into account values (1), (2)");
        String old = cluster.primary();
        cluster.process(old).orElseThrow().destroyForcibly();
        await().atMost(LONG).until(() -> !cluster.primary().equals(old));
        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(count()).isEqualTo(2));
        awaitBothReady();
        execute("insert into account values (3)");
        assertThat(count()).isEqualTo(3);
        assertThat(promotions).hasValue(1);
    }

    @Test
    void a_connection_to_an_old_primary_is_refused() throws Exception {
        PromotionTracker fresh = new PromotionTracker(() -> Stream.of(promotions::incrementAndGet));
        try (Connection connection = pool.getConnection()) {
            fresh.register(connection, 100);
            assertThatThrownBy(() -> fresh.register(connection, 99))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("Stop the old server");
        }
    }

    private static void signal(long pid, String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
    }
}
