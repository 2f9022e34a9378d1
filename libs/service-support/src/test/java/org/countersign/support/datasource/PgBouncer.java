package org.countersign.support.datasource;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.countersign.localstack.net.Endpoint;
import org.countersign.localstack.server.FreePorts;
import org.countersign.testkit.TestServers;

/** The real PgBouncer in front of a database, on a free port of loopback. */
final class PgBouncer implements AutoCloseable {

    private final TestServers.Database database;
    private final Endpoint listens = Endpoint.loopback(FreePorts.any());
    private final Process process;

    /** @param settings lines for pgbouncer.ini */
    PgBouncer(TestServers.Database database, String... settings) {
        this.database = database;
        Path directory = TestServers.temporaryDirectory();
        Path log = directory.resolve("log");
        try {
            Path users = directory.resolve("users.txt");
            Files.writeString(users, "\"%s\" \"%s\"%n".formatted(database.user(), database.password()));
            Path ini = directory.resolve("pgbouncer.ini");
            URI server = URI.create(database.url().substring("jdbc:".length()));
            Files.writeString(ini, """
                    [databases]
                    * = host=%s port=%d
                    [pgbouncer]
                    listen_addr = %s
                    listen_port = %d
                    unix_socket_dir =
                    auth_type = scram-sha-256
                    auth_file = %s
                    %s
                    """.formatted(
                            server.getHost(),
                            server.getPort(),
                            listens.host(),
                            listens.port(),
                            users,
                            String.join("\n", settings)));
            List<String> command = new ArrayList<>();
            if (System.getProperty("user.name", "").equals("root")) {
                // PgBouncer refuses to run as root, like PostgreSQL.
                command.addAll(List.of("unshare", "-U"));
            }
            command.addAll(List.of(program().orElseThrow().toString(), ini.toString()));
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> !listens.isFree());
    }

    /** Returns the program, or empty if it is not installed. */
    static Optional<Path> program() {
        return Stream.of("/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Returns the JDBC URL of the database through PgBouncer. */
    String url() {
        return "jdbc:postgresql://" + listens + "/" + database.url().replaceFirst(".*/", "");
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
