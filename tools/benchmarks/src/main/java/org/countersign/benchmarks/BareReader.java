package org.countersign.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Reads all events of a stack with JDBC, and does nothing with them. */
final class BareReader {

    private static final int FETCH_SIZE = 5_000;

    private BareReader() {}

    /** Returns the events per second. */
    static double run(BenchmarkStack stack) throws SQLException {
        try (Connection connection = stack.connect("signature_service");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.setFetchSize(FETCH_SIZE);
            long rows = 0;
            long start = System.nanoTime();
            try (ResultSet all = statement.executeQuery("select * from event order by global_index")) {
                while (all.next()) {
                    rows++;
                }
            }
            return rows * 1e9 / (System.nanoTime() - start);
        }
    }
}
