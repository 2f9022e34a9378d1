package org.countersign.localstack.server;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;

/** The files of a {@link PostgresCluster} beside the data of its servers. */
final class PostgresClusterFiles {

    private final Path data;

    PostgresClusterFiles(Path data) {
        this.data = data;
    }

    /** Returns the server program. The embedded distribution unpacks it when it starts a server. */
    Path program(Path log, String administratorPassword) {
        Path first = directory(0);
        // The first start also initialises the data.
        boolean scratch = Files.exists(first.resolve("PG_VERSION"));
        Path used = scratch ? data.resolve("scratch") : first;
        try (PostgresServer server = PostgresServer.start(used, Path.of(log + ".log"), 0, administratorPassword)) {
            return Path.of(server.process().info().command().orElseThrow());
        } finally {
            if (scratch) {
                Directories.delete(used);
            }
        }
    }

    /** Returns the data directory of a node, by its number from 0. */
    Path directory(int node) {
        return data.resolve("node-" + (node + 1));
    }

    /** Returns the password file of the role that replicates. */
    Path password() {
        return data.resolve("replication.pgpass");
    }

    void writePassword(String role, String password) throws IOException {
        Files.deleteIfExists(password());
        Files.createFile(
                password(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(password(), "*:*:*:" + role + ":" + password + "\n");
    }

    boolean isFirstStart() {
        return !Files.exists(state());
    }

    private Path state() {
        return data.resolve("cluster.properties");
    }

    /** Returns the number of the primary, 0 at the first start. */
    int readPrimary() throws IOException {
        if (isFirstStart()) {
            return 0;
        }
        Properties values = new Properties();
        try (Reader reader = Files.newBufferedReader(state())) {
            values.load(reader);
        }
        return Integer.parseInt(values.getProperty("primary")) - 1;
    }

    /** Remembers the primary, so that the next start does not begin with an old one. */
    void writePrimary(int primary) throws IOException {
        Files.writeString(state(), "primary=" + (primary + 1) + "\n");
    }

    /** Allows connections from loopback, also those of standbys. */
    static void allowReplication(Path data, String role) throws IOException {
        Files.writeString(
                data.resolve("pg_hba.conf"),
                "host all all 127.0.0.0/8 scram-sha-256\nhost replication " + role + " 127.0.0.0/8 scram-sha-256\n",
                StandardOpenOption.APPEND);
    }
}
