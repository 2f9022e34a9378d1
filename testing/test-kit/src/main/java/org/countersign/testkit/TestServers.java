package org.countersign.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.countersign.localstack.server.FreePorts;
import org.countersign.localstack.server.KafkaBroker;
import org.countersign.localstack.server.Mailbox;
import org.countersign.localstack.server.PostgresDatabases;
import org.countersign.localstack.server.PostgresServer;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL, a real Kafka and a real SMTP server for tests, one of each for the whole test run, started when
 * first asked for and stopped at its end. They come from Testcontainers where a Docker engine answers, else they are
 * the embedded ones: no test is skipped for want of Docker.
 */
public final class TestServers {

    private static final String POSTGRES_IMAGE = "postgres:18";
    private static final String KAFKA_IMAGE = "apache/kafka:4.2.1";
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private TestServers() {}

    /**
     * A database of a test's own.
     *
     * @param user the role of the service, which gets its rights by migration
     * @param owner the role that owns the database and migrates it
     * @param password the password of both roles
     */
    public record Database(String url, String user, String owner, String password) {}

    /** A mailbox on ports of its own. */
    public record Mail(Mailbox mailbox, int smtpPort) {}

    /** Makes an empty database, with an owner and a role for the service. */
    public static Database database() {
        return Postgres.SERVER.database("test_" + Character.toString('a' + DATABASES.get() % 26)
                + "_x".repeat(DATABASES.getAndIncrement() / 26));
    }

    /** What clients of the Kafka broker are to connect to. */
    public static String kafka() {
        return Kafka.BOOTSTRAP_SERVERS;
    }

    /** The SMTP server and what it has received. */
    public static Mail mail() {
        return Smtp.MAIL;
    }

    /** A directory that goes when the tests end. */
    public static Path temporaryDirectory() {
        try {
            Path directory = Files.createTempDirectory("countersign-test");
            atEnd(() -> delete(directory));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean dockerAnswers() {
        boolean mayBeThere = System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
        return mayBeThere && DockerClientFactory.instance().isDockerAvailable();
    }

    private interface DatabaseSource {
        Database database(String name);
    }

    private static final class Postgres {
        static final DatabaseSource SERVER = dockerAnswers() ? container() : embedded();

        private static DatabaseSource embedded() {
            Path directory = temporaryDirectory();
            PostgresServer server =
                    PostgresServer.start(directory.resolve("data"), directory.resolve("log"), 0, "test");
            atEnd(server::close);
            return name -> {
                server.databases().create(name, "test", "test");
                return new Database(server.url(name), name, PostgresDatabases.ownerOf(name), "test");
            };
        }

        private static DatabaseSource container() {
            PostgreSQLContainer container = new PostgreSQLContainer(POSTGRES_IMAGE);
            container.start();
            return name -> {
                try (Connection connection = DriverManager.getConnection(
                                container.getJdbcUrl(), container.getUsername(), container.getPassword());
                        Statement statement = connection.createStatement()) {
                    String owner = PostgresDatabases.ownerOf(name);
                    statement.execute("create role " + owner + " login password 'test'");
                    statement.execute("create role " + name + " login password 'test'");
                    statement.execute("create database " + name + " owner " + owner);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
                return new Database(
                        container.getJdbcUrl().replaceFirst("/[^/?]+(\\?|$)", "/" + name + "$1"),
                        name,
                        PostgresDatabases.ownerOf(name),
                        "test");
            };
        }
    }

    private static final class Kafka {
        static final String BOOTSTRAP_SERVERS = dockerAnswers() ? container() : embedded();

        private static String embedded() {
            Path directory = temporaryDirectory();
            KafkaBroker broker = KafkaBroker.start(
                    Path.of(System.getProperty("java.home"), "bin", "java"),
                    directory.resolve("data"),
                    directory.resolve("log"),
                    FreePorts.any(),
                    FreePorts.any());
            atEnd(broker::close);
            return broker.bootstrapServers();
        }

        private static String container() {
            KafkaContainer container = new KafkaContainer(KAFKA_IMAGE);
            container.start();
            return container.getBootstrapServers();
        }
    }

    private static final class Smtp {
        static final Mail MAIL = start();

        private static Mail start() {
            int port = FreePorts.any();
            Mailbox mailbox = Mailbox.start(temporaryDirectory(), port, 0);
            atEnd(mailbox::close);
            return new Mail(mailbox, port);
        }
    }

    // Hooks run in any order; each stops one server, and directories are deleted as far as they can be.
    private static void atEnd(Runnable action) {
        Runtime.getRuntime().addShutdownHook(new Thread(action));
    }

    private static void delete(Path directory) {
        for (int attempt = 0; attempt < 50 && Files.exists(directory); attempt++) {
            try (Stream<Path> paths = Files.walk(directory)) {
                paths.sorted(Comparator.reverseOrder())
                        .forEach(path -> path.toFile().delete());
                Thread.sleep(100);
            } catch (IOException | UncheckedIOException changing) {
                continue;
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
