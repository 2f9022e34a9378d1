package org.countersign.signature.eventlog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;

/** Tells whether the log contains given events at their places, with the same data. */
final class RecordedEvents {

    private final DataSource dataSource;

    RecordedEvents(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Returns whether all these events are in the log. */
    boolean contains(List<NewEvent> events) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement("""
                        select e.type, e.data from stream_event s join event e on e.global_index = s.global_index
                        where s.stream = ? and s.sequence = ? and e.trace is not distinct from ?""")) {
            for (NewEvent event : events) {
                statement.setObject(1, event.stream());
                statement.setInt(2, event.sequence());
                statement.setObject(3, event.trace(), Types.OTHER);
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next()
                            || row.getShort(1) != event.type().code()
                            || !Arrays.equals(row.getBytes(2), event.data())) {
                        return false;
                    }
                }
            }
            return true;
        }
    }

    /** Returns whether a sign call waits as a repeated signing. */
    boolean isRepeatedSigning(NewEvent event) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("select from repeated_signing where stream = ? and data = ?")) {
            statement.setObject(1, event.stream());
            statement.setBytes(2, event.data());
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }
}
