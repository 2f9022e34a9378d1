package org.countersign.support.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.DriverDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.countersign.localstack.server.FreePorts;
import org.countersign.localstack.server.PostgresServer;
import org.countersign.testkit.TestServers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class RetryingDataSourceTest {

    private static final String PASSWORD = "for tests";

    private final Path directory = TestServers.temporaryDirectory();
    private final int port = FreePorts.any();
    private PostgresServer server;

    private void startServer() {
        server = PostgresServer.start(directory.resolve("postgres"), directory.resolve("postgres.log"), port, PASSWORD);
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private DataSource connecting(String password) {
        return new DriverDataSource(
                PostgresServer.url(port, "postgres"), "org.postgresql.Driver", new Properties(), "postgres", password);
    }

    @Test
    void one_attempt_lasts_until_the_database_is_there() {
        AtomicInteger attempts = new AtomicInteger();
        DataSource counted = new DelegatingDataSource(connecting(PASSWORD)) {
            @Override
            public Connection getConnection() throws SQLException {
                attempts.incrementAndGet();
                return super.getConnection();
            }
        };
        CompletableFuture<Boolean> connected = CompletableFuture.supplyAsync(() -> {
            try (Connection connection = new RetryingDataSource(counted).getConnection()) {
                return connection.isValid(5);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        await().atMost(Duration.ofSeconds(60)).until(() -> attempts.get() > 2);
        assertThat(connected).isNotDone();
        startServer();
        assertThat(connected.join()).isTrue();
    }

    @Test
    void what_patience_does_not_help_with_is_told_at_once() {
        startServer();
        assertThatThrownBy(() -> new RetryingDataSource(connecting("another")).getConnection())
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refused -> assertThat(refused.getSQLState()).isEqualTo("28P01"));
    }

    @Test
    void a_pool_connects_with_patience() throws SQLException {
        startServer();
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(PostgresServer.url(port, "postgres"));
            pool.setUsername("postgres");
            pool.setPassword(PASSWORD);
            pool.setDataSource(PrimaryAutoConfiguration.connections(pool, new PromotionTracker(Stream::empty)));
            assertThat(pool.getDataSource()).isInstanceOf(RetryingDataSource.class);
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.isValid(5)).isTrue();
            }
        }
    }
}
