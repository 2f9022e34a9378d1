package org.countersign.benchmarks;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Appends events to the log of a stopped signature service, in the commits of one writer. All instances together append
 * no faster, because each append locks the head of the log.
 */
final class LogHead implements AutoCloseable {

    private static final int EVENTS_PER_COMMIT = 500;
    private static final int DATA_BYTES = 360;
    private static final int SECRET_BYTES = 33;
    private static final int MAC_BYTES = 17;
    private static final short PETITION_SIGNED = 10;

    private final Connection connection;

    LogHead(BenchmarkStack stack) throws SQLException {
        this.connection = stack.connect("signature_service");
    }

    /** Appends for the given time and returns the events per second. */
    double run(double seconds) throws SQLException {
        long start = System.nanoTime();
        long events = 0;
        try (PreparedStatement statement = connection.prepareStatement(
                "select count(*) from append_or_hold_events(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            while (System.nanoTime() - start < seconds * 1e9) {
                setBatch(statement);
                statement.executeQuery().close();
                events += EVENTS_PER_COMMIT;
            }
        }
        return events * 1e9 / (System.nanoTime() - start);
    }

    private void setBatch(PreparedStatement statement) throws SQLException {
        int[] next = new int[1];
        statement.setArray(1, array("int4", () -> next[0]++));
        statement.setArray(2, array("uuid", UUID::randomUUID));
        statement.setArray(3, array("int4", () -> 0));
        statement.setArray(4, array("int4", () -> 1));
        statement.setArray(5, array("int2", () -> PETITION_SIGNED));
        statement.setArray(6, array("timestamptz", OffsetDateTime::now));
        statement.setArray(7, array("uuid", UUID::randomUUID));
        statement.setArray(8, bytes(DATA_BYTES));
        statement.setArray(9, bytes(SECRET_BYTES));
        statement.setArray(10, bytes(MAC_BYTES));
        statement.setArray(11, array("bool", () -> true));
        statement.setArray(12, connection.createArrayOf("int8", new Long[EVENTS_PER_COMMIT]));
        statement.setArray(13, connection.createArrayOf("text", new String[EVENTS_PER_COMMIT]));
        statement.setArray(14, connection.createArrayOf("uuid", new UUID[EVENTS_PER_COMMIT]));
        statement.setLong(15, 0);
    }

    private Array array(String type, Supplier<Object> values) throws SQLException {
        return connection.createArrayOf(
                type,
                IntStream.range(0, EVENTS_PER_COMMIT)
                        .mapToObj(event -> values.get())
                        .toArray());
    }

    private Array bytes(int length) throws SQLException {
        byte[][] values = new byte[EVENTS_PER_COMMIT][length];
        for (byte[] value : values) {
            ThreadLocalRandom.current().nextBytes(value);
        }
        return connection.createArrayOf("bytea", values);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
