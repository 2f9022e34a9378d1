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

    private static String ask(Connection connection, String question) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(question)) {
            answer.next();
            return answer.getString(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fsync", "synchronous_commit", "full_page_writes"})
    void what_is_committed_is_on_the_disk(String setting) throws SQLException {
        try (PostgresServer server = start()) {
            server.database("ledger", "secret");
            try (Connection connection = DriverManager.getConnection(server.url("ledger"), "ledger", "secret")) {
                assertThat(ask(connection, "show " + setting)).isEqualTo("on");
            }
        }
    }

    @Test
    void tables_are_there_again_after_a_restart_and_open_only_to_their_owner() throws SQLException {
        try (PostgresServer server = start()) {
            server.database("ledger", "secret");
            server.database("other", "secret");
            try (Connection connection = DriverManager.getConnection(server.url("ledger"), "ledger", "secret");
                    Statement statement = connection.createStatement()) {
                statement.execute("create table entry as select 42 as amount");
            }
        }
        try (PostgresServer server = start()) {
            server.database("ledger", "secret");
            try (Connection connection = DriverManager.getConnection(server.url("ledger"), "ledger", "secret")) {
                assertThat(ask(connection, "select amount from entry")).isEqualTo("42");
            }
            assertThatThrownBy(() -> DriverManager.getConnection(server.url("ledger"), "other", "secret")
                            .close())
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> DriverManager.getConnection(server.url("ledger"), "ledger", "wrong")
                            .close())
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password");
        }
    }
}
