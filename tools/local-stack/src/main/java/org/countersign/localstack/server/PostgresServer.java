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
import org.jspecify.annotations.Nullable;

/** A durable PostgreSQL server on loopback, whose committed data survives a power failure. */
public final class PostgresServer implements AutoCloseable {

    /**
     * The settings that differ from PostgreSQL's defaults. The first three restore durability, which the embedded
     * distribution turns off for short tests.
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
     * Starts a server and waits until it responds.
     *
     * @param data the directory for its data, which may already exist
     * @param log the file for its output
     * @param port the TCP port on 127.0.0.1, 0 for any free one
     * @param administratorPassword the administrator's password, which must be the same for every start with the same
     *     data
     * @throws UncheckedIOException if it does not start
     */
    public static PostgresServer start(Path data, Path log, int port, String administratorPassword) {
        @Nullable Path passwordFile = null;
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            // Only the owner can read the file. initdb accepts the password in no other way.
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
                    // The distribution allows connections without a password. These options of initdb override its own.
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
            throw new UncheckedIOException("PostgreSQL did not start. See " + log, e);
        } finally {
            delete(passwordFile);
        }
    }

    /** Reads the id of PostgreSQL's first process from its data directory. */
    private static ProcessHandle processOf(Path data) throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
        return ProcessHandle.of(pid).orElseThrow(() -> new IOException("its process " + pid + " has ended"));
    }

    private static void delete(@Nullable Path file) {
        try {
            if (file != null) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the temporary password file", e);
        }
    }

    /**
     * Creates a database and a role that owns it. If both exist, it sets the role's password.
     *
     * @param name the name of database and role, with lower-case letters and underscores
     * @param password the role's password
     */
    public void database(String name, String password) {
        requireName(name);
        change(name, connection -> create(connection, name, name, password));
    }

    /**
     * Creates a database, a role that owns it, and a role for a service, which has the name of the database and no
     * rights but to connect. If they exist, it sets the passwords.
     *
     * @param name the name of database and role, with lower-case letters and underscores
     * @param ownerPassword the password of the role {@link #ownerOf}
     * @param password the password of the service's role
     */
    public void database(String name, String ownerPassword, String password) {
        requireName(name);
        change(name, connection -> {
            create(connection, name, ownerOf(name), ownerPassword);
            role(connection, name, password);
            try (Statement statement = connection.createStatement()) {
                statement.execute("grant connect on database " + name + " to " + name);
            }
        });
    }

    /** Returns the name of the role that owns the database of a service. */
    public static String ownerOf(String name) {
        return name + "_owner";
    }

    private static void requireName(String name) {
        if (!name.matches("[a-z_]+")) {
            throw new IllegalArgumentException(
                    "the name of a database may contain only lower-case letters and underscores");
        }
    }

    /** A change by the administrator. */
    private interface Change {
        void on(Connection connection) throws SQLException;
    }

    private void change(String name, Change change) {
        try (Connection connection = server.getPostgresDatabase().getConnection()) {
            change.on(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("The database " + name + " cannot be created", e);
        }
    }

    private static void create(Connection connection, String name, String owner, String password) throws SQLException {
        role(connection, owner, password);
        if (!exists(connection, "select 1 from pg_database where datname = ?", name)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("create database " + name + " owner " + owner);
                statement.execute("revoke all on database " + name + " from public");
            }
        }
    }

    private static void role(Connection connection, String name, String password) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!exists(connection, "select 1 from pg_roles where rolname = ?", name)) {
                statement.execute("create role " + name + " login");
            }
            statement.execute("alter role " + name + " password " + statement.enquoteLiteral(password));
        }
    }

    /** Drops a database with everything in it and ends all connections to it. Its role stays. */
    public void drop(String name) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("drop database if exists " + statement.enquoteIdentifier(name, true) + " with (force)");
        } catch (SQLException e) {
            throw new IllegalStateException("The database " + name + " cannot be dropped", e);
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

    /** Returns the server's first process. The others are its children and end with it. */
    public ProcessHandle process() {
        return process;
    }

    /** Returns the JDBC URL of a database of this server. */
    public String url(String database) {
        return url(server.getPort(), database);
    }

    /** Returns the JDBC URL of a database of the server on the given port. */
    public static String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** Stops the server gracefully. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not stop", e);
        }
    }
}
