package org.countersign.localstack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresBackupTest {

    private static final String PASSWORD = "administrator's";

    @TempDir
    private Path directory;

    private PostgresServer start(String data) {
        return PostgresServer.start(directory.resolve(data), directory.resolve("log"), 0, PASSWORD);
    }

    private static boolean isInFiles(Path data, String text) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(data)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                return true;
            }
        }
        return false;
    }

    private static String queryValue(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void a_backup_of_a_running_server_has_no_row_of_an_unlogged_table() throws Exception {
        try (PostgresServer server = start("data")) {
            server.databases().create("accounts", "secret");
            try (Connection connection = DriverManager.getConnection(server.url("accounts"), "accounts", "secret");
                    Statement statement = connection.createStatement()) {
                statement.execute("create unlogged table fleeting (word text primary key)");
                statement.execute("insert into fleeting values ('evanescent')");
                statement.execute("create table lasting as select 'permanent' as word");
            }
        }
        // A server writes unlogged rows to their file when it stops.
        assertThat(isInFiles(directory.resolve("data"), "evanescent")).isTrue();
        try (PostgresServer server = start("data")) {
            assertThat(server.process().isAlive()).isTrue();
            PostgresBackup.copy(directory.resolve("data"), directory.resolve("copy"), PASSWORD);
        }
        assertThat(isInFiles(directory.resolve("copy"), "permanent")).isTrue();
        assertThat(isInFiles(directory.resolve("copy"), "evanescent")).isFalse();

        try (PostgresServer restored = start("copy");
                Connection connection = DriverManager.getConnection(restored.url("accounts"), "accounts", "secret");
                Statement statement = connection.createStatement()) {
            assertThat(queryValue(statement, "select word from lasting")).isEqualTo("permanent");
            assertThat(queryValue(statement, "select count(*) from fleeting")).isEqualTo("0");
            statement.execute("insert into fleeting values ('again')");
        }
    }
}
