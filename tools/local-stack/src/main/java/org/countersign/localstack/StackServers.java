package org.countersign.localstack;

import java.util.List;
import java.util.Optional;
import org.countersign.localstack.server.PostgresDatabases;

/** PostgreSQL and Kafka of a local stack. They are restarted or replaced when they end unexpectedly. */
interface StackServers extends AutoCloseable {

    /** Starts PostgreSQL and returns when it takes connections. */
    void startPostgres();

    /** Starts Kafka and returns when it takes connections. */
    void startKafka();

    /** Begins to restart servers that end unexpectedly. */
    void restartOnExit();

    /** Returns the names of the processes. */
    List<String> parts();

    /** Returns the process of a part, or empty during a restart of the part. */
    Optional<ProcessHandle> process(String part);

    /** Returns whether a part does its work. */
    boolean isReady(String part);

    /** Returns what creates and drops databases. */
    PostgresDatabases databases();

    /** Returns the JDBC URL of a database for tools outside the stack. */
    String url(String database);

    /** Returns the bootstrap servers of Kafka for tools outside the stack. */
    String bootstrapServers();

    /** Returns the JDBC URL of a database for the services. It does not need a started server. */
    String urlForServices(String database);

    /** Returns the bootstrap servers of Kafka for the services. They do not need a started server. */
    String bootstrapServersForServices();

    /** Stops Kafka and PostgreSQL. */
    @Override
    void close();
}
