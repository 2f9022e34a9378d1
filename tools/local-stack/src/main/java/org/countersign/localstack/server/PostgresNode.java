package org.countersign.localstack.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.countersign.localstack.net.Endpoint;
import org.jspecify.annotations.Nullable;

/** One of two PostgreSQL servers that replicate each other. It starts as primary or as standby. */
final class PostgresNode {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);
    private static final long POLL_INTERVAL_MILLIS = 50;
    private static final int CHECK_SECONDS = 1;
    private static final int STATEMENT_SECONDS = 20;
    private static final String STANDBY_SIGNAL = "standby.signal";

    private final String name;
    private final Endpoint listens;
    private final Endpoint reached;
    private final Path data;
    private final Path log;
    private final String administratorPassword;
    private volatile @Nullable Process process;

    /**
     * Describes a node without starting it.
     *
     * @param name its name as a standby, with lower-case letters, digits and underscores
     * @param listens where it listens
     * @param reached where others reach it
     * @param data the directory for its data
     * @param administratorPassword the administrator's password
     */
    PostgresNode(String name, Endpoint listens, Endpoint reached, Path data, Path log, String administratorPassword) {
        this.name = name;
        this.listens = listens;
        this.reached = reached;
        this.data = data;
        this.log = log;
        this.administratorPassword = administratorPassword;
    }

    String name() {
        return name;
    }

    Endpoint listens() {
        return listens;
    }

    Endpoint reached() {
        return reached;
    }

    Path data() {
        return data;
    }

    String administratorPassword() {
        return administratorPassword;
    }

    boolean hasData() {
        return Files.exists(data.resolve("PG_VERSION"));
    }

    /** Returns whether the data is that of a standby. */
    boolean isStandby() {
        return Files.exists(data.resolve(STANDBY_SIGNAL));
    }

    /** Makes a standby of the data, which is a copy of a primary's. */
    void makeStandby() throws IOException {
        Files.writeString(data.resolve(STANDBY_SIGNAL), "");
    }

    /** Returns the first process of the server while it runs. */
    Optional<Process> process() {
        return Optional.ofNullable(process).filter(Process::isAlive);
    }

    /**
     * Starts the server and waits until it takes connections.
     *
     * @param program PostgreSQL's server program
     * @param settings settings in addition to those of every node
     * @throws IllegalStateException if it does not start
     */
    void start(Path program, Map<String, String> settings) throws InterruptedException {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name", "").equals("root")) {
            // PostgreSQL refuses to run as root. In a user namespace of its own, its user has no special rights.
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(program.toString(), "-D", data.toString()));
        PostgresServer.SETTINGS.forEach((key, value) -> add(command, key, value));
        add(command, "listen_addresses", listens.host());
        add(command, "port", Integer.toString(listens.port()));
        add(command, "unix_socket_directories", "");
        settings.forEach((key, value) -> add(command, key, value));
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start", e);
        }
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!answersDirectly()) {
            if (process().isEmpty() || System.nanoTime() > deadline) {
                kill();
                throw new IllegalStateException("PostgreSQL did not start. See " + log);
            }
            Thread.sleep(POLL_INTERVAL_MILLIS);
        }
    }

    private static void add(List<String> command, String setting, String value) {
        command.addAll(List.of("-c", setting + "=" + value));
    }

    private boolean answersDirectly() {
        try (Connection connection = connect(listens, CHECK_SECONDS)) {
            return connection.isValid(CHECK_SECONDS);
        } catch (SQLException notYet) {
            return false;
        }
    }

    /** Returns the answer of a statement without rows or with one value, as others would get it. */
    @Nullable
    String ask(String sql) throws SQLException {
        return ask(sql, STATEMENT_SECONDS);
    }

    /** Like {@link #ask(String)}, with the timeout of a check. */
    @Nullable
    String check(String sql) throws SQLException {
        return ask(sql, CHECK_SECONDS);
    }

    /** Returns whether others get an answer within the timeout of a check. */
    boolean answers() {
        try {
            return check("select 1") != null;
        } catch (SQLException e) {
            return false;
        }
    }

    private @Nullable String ask(String sql, int seconds) throws SQLException {
        try (Connection connection = connect(reached, seconds);
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return null;
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    /** Opens a connection of the administrator. */
    Connection connect() throws SQLException {
        return connect(listens, STATEMENT_SECONDS);
    }

    private Connection connect(Endpoint endpoint, int seconds) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", administratorPassword);
        properties.setProperty("connectTimeout", Integer.toString(seconds));
        properties.setProperty("socketTimeout", Integer.toString(seconds));
        properties.setProperty("sslmode", "disable");
        // The administrator does not wait for a standby, which may not exist yet.
        properties.setProperty("options", "-c synchronous_commit=local");
        return DriverManager.getConnection(PostgresServer.url(endpoint, "postgres"), properties);
    }

    /** Ends the server gracefully, and kills it after 20 seconds. */
    void stop() {
        Process current = process;
        if (current != null) {
            // SIGINT is the fast shutdown. SIGTERM would wait for all clients.
            signal(current, "INT");
            Processes.await(List.of(current), Duration.ofSeconds(20));
            kill();
        }
    }

    private static void signal(Process process, String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor(1, TimeUnit.SECONDS);
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Kills all processes of the server, also stopped ones, and waits for their end. */
    void kill() {
        Process current = process;
        if (current == null) {
            return;
        }
        List<ProcessHandle> all = Stream.concat(current.descendants(), Stream.of(current.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(one -> one.onExit().join());
    }
}
