package org.countersign.localstack.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresServerTest {

    @TempDir
    private Path directory;

    private PostgresServer start() {
        return PostgresServer.start(directory.resolve("data"), directory.resolve("log"), 0, "administrator's");
    }

    private static String queryValue(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fsync", "synchronous_commit", "full_page_writes"})
    void commits_are_durable(String setting) throws SQLException {
        try (PostgresServer server = start()) {
            server.databases().create("accounts", "secret");
            try (Connection connection = DriverManager.getConnection(server.url("accounts"), "accounts", "secret")) {
                assertThat(queryValue(connection, "show " + setting)).isEqualTo("on");
            }
        }
    }

    @Test
    void tables_survive_a_restart_and_are_open_only_to_their_owner() throws SQLException {
        try (PostgresServer server = start()) {
            server.databases().create("accounts", "secret");
            server.databases().create("other", "secret");
            try (Connection connection = DriverManager.getConnection(server.url("accounts"), "accounts", "secret");
                    Statement statement = connection.createStatement()) {
                statement.execute("create table entry as select 42 as amount");
            }
        }
        try (PostgresServer server = start()) {
            server.databases().create("accounts", "secret");
            try (Connection connection = DriverManager.getConnection(server.url("accounts"), "accounts", "secret")) {
                assertThat(queryValue(connection, "select amount from entry")).isEqualTo("42");
            }
            assertThatThrownBy(() -> DriverManager.getConnection(server.url("accounts"), "other", "secret")
                            .close())
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> DriverManager.getConnection(server.url("accounts"), "accounts", "wrong")
                            .close())
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password");
        }
    }
}
