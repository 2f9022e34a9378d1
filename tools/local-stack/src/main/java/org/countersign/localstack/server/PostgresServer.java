package org.countersign.localstack.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.countersign.localstack.net.Endpoint;
import org.jspecify.annotations.Nullable;

/** A durable PostgreSQL server on loopback, whose committed data survives a power failure. */
public final class PostgresServer implements AutoCloseable {

    /**
     * The settings that differ from PostgreSQL's defaults. The first three restore durability, which the embedded
     * distribution turns off for short tests.
     */
    static final Map<String, String> SETTINGS = Map.of(
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

    /** Returns what creates and drops databases of this server. */
    public PostgresDatabases databases() {
        return new PostgresDatabases(() -> server.getPostgresDatabase().getConnection());
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
        return url(Endpoint.loopback(port), database);
    }

    /** Returns the JDBC URL of a database of the server at an endpoint. */
    public static String url(Endpoint endpoint, String database) {
        return "jdbc:postgresql://" + endpoint + "/" + database;
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
