package org.countersign.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Plain JDBC, in which every connection repeatedly inserts a row and commits. It shows PostgreSQL's rate without the
 * product's group commit.
 */
final class OneRowPerCommit implements AutoCloseable {

    private final List<Connection> connections = new ArrayList<>();
    private final int bytes;

    /** @param bytes the size of a row's data */
    OneRowPerCommit(BenchmarkStack stack, int clients, int bytes) throws SQLException {
        this.bytes = bytes;
        stack.execute(
                "one_row",
                "create table row (id bigint generated always as identity primary key, data bytea not null)");
        for (int i = 0; i < clients; i++) {
            connections.add(stack.connect("one_row"));
        }
    }

    /** Inserts rows for the given time and returns the rows per second. */
    double run(double seconds) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(connections.size());
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        List<Future<Long>> counts = connections.stream()
                .map(connection -> threads.submit(() -> insertUntil(connection, end)))
                .toList();
        long rows = 0;
        for (Future<Long> count : counts) {
            rows += count.get();
        }
        double rate = rows * 1e9 / (System.nanoTime() - start);
        threads.shutdown();
        return rate;
    }

    private long insertUntil(Connection connection, long end) throws SQLException {
        byte[] data = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(data);
        long rows = 0;
        try (PreparedStatement statement = connection.prepareStatement("insert into row (data) values (?)")) {
            while (System.nanoTime() < end) {
                statement.setBytes(1, data);
                statement.executeUpdate();
                rows++;
            }
        }
        return rows;
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
    }
}
