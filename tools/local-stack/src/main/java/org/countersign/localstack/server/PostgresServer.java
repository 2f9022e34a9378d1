package org.countersign.localstack.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/** A PostgreSQL server of our own on loopback, durable: what it has committed survives a power cut. */
public final class PostgresServer implements AutoCloseable {

    /**
     * The settings that differ from PostgreSQL's own. The first three undo what the embedded distribution turns off for
     * the sake of short-lived tests.
     */
    private static final Map<String, String> SETTINGS = Map.of(
            "fsync", "on",
            "synchronous_commit", "on",
            "full_page_writes", "on",
            "listen_addresses", "127.0.0.1",
            "max_connections", "300",
            "shared_buffers", "256MB",
            "max_wal_size", "4GB",
            "checkpoint_timeout", "15min");

    private final EmbeddedPostgres server;
    private final ProcessHandle process;

    private PostgresServer(EmbeddedPostgres server, ProcessHandle process) {
        this.server = server;
        this.process = process;
    }

    /**
     * Starts a server and waits until it answers.
     *
     * @param data where it keeps its data; made if absent, used again if there
     * @param log the file that takes what it prints
     * @param port the TCP port on 127.0.0.1, 0 for any free one
     * @param administratorPassword what the administrator signs in with; must be the same whenever the data is used
     *     again
     * @throws UncheckedIOException if it can't start
     */
    public static PostgresServer start(Path data, Path log, int port, String administratorPassword) {
        Path passwordFile = null;
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            // Made for its owner's eyes alone; initdb takes the password no other way.
            passwordFile = Files.createTempFile("countersign", ".password");
            Files.writeString(passwordFile, administratorPassword);
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(Duration.ofMinutes(1))
                    .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .setLocaleConfig("locale", "C.UTF-8")
                    // The distribution lets everybody in without a password; these options of initdb come after its
                    // own.
                    .setLocaleConfig("auth", "scram-sha-256")
                    .setLocaleConfig("pwfile", passwordFile.toString())
                    .setConnectConfig("password", administratorPassword);
            SETTINGS.forEach(builder::setServerConfig);
            if (port != 0) {
                builder.setPort(port);
            }
            EmbeddedPostgres server = builder.start();
            return new PostgresServer(server, processOf(data));
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start; " + log + " says why", e);
        } finally {
            delete(passwordFile);
        }
    }

    /** PostgreSQL notes its first process in its data directory. */
    private static ProcessHandle processOf(Path data) throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
        return ProcessHandle.of(pid).orElseThrow(() -> new IOException("its process " + pid + " is gone"));
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the password's temporary file can't be deleted", e);
        }
    }

    /**
     * Makes a database and a role that owns it and nothing else, or gives the role its password anew if they are there.
     *
     * @param name database and role; lower-case letters and underscores
     * @param password the role's password
     */
    public void database(String name, String password) {
        if (!name.matches("[a-z_]+")) {
            throw new IllegalArgumentException("a database's name has lower-case letters and underscores only");
        }
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            if (!exists(connection, "select 1 from pg_roles where rolname = ?", name)) {
                statement.execute("create role " + name + " login");
            }
            statement.execute("alter role " + name + " password " + statement.enquoteLiteral(password));
            if (!exists(connection, "select 1 from pg_database where datname = ?", name)) {
                statement.execute("create database " + name + " owner " + name);
                statement.execute("revoke all on database " + name + " from public");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The database " + name + " can't be made", e);
        }
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet found = statement.executeQuery()) {
                return found.next();
            }
        }
    }

    /** The server's first process; the others are its children and end with it. */
    public ProcessHandle process() {
        return process;
    }

    /** The JDBC address of a database of this server. */
    public String url(String database) {
        return url(server.getPort(), database);
    }

    /** The JDBC address of a database of the server that listens on the port. */
    public static String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** Stops the server, letting it write what it holds. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not stop", e);
        }
    }
}
