package org.countersign.signature.eventlog;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The arrays of {@code append_or_hold_events}: one element for each event of a batch. */
final class AppendArrays {

    /** The number of arrays, which are the first parameters. */
    static final int COUNT = 14;

    private AppendArrays() {}

    /**
     * Sets the arrays.
     *
     * @param items the command of each event
     * @param deferring whether a sign call whose place is taken is stored as a repeated signing
     */
    static void bind(
            PreparedStatement statement,
            List<Integer> items,
            List<NewEvent> events,
            PetitionNumbers numbers,
            boolean deferring)
            throws SQLException {
        Connection connection = statement.getConnection();
        statement.setArray(1, connection.createArrayOf("int4", items.toArray()));
        statement.setArray(2, array(connection, "uuid", events, NewEvent::stream));
        statement.setArray(3, array(connection, "int4", events, NewEvent::sequence));
        statement.setArray(4, array(connection, "int4", events, event -> numbers.number(event.petition())));
        statement.setArray(5, array(connection, "int2", events, event ->
                (short) event.type().code()));
        statement.setArray(6, array(connection, "timestamptz", events, NewEvent::at));
        statement.setArray(7, array(connection, "uuid", events, NewEvent::trace));
        statement.setArray(8, bytes(connection, events, NewEvent::data));
        statement.setArray(9, bytes(connection, events, NewEvent::secret));
        statement.setArray(10, bytes(connection, events, NewEvent::mac));
        statement.setArray(11, array(connection, "bool", events, event -> deferring && event.isDeferrable()));
        statement.setArray(12, array(connection, "int8", events, NewEvent::repeated));
        statement.setArray(13, array(connection, "text", events, NewEvent::heldRule));
        statement.setArray(14, array(connection, "uuid", events, NewEvent::heldId));
    }

    private static Array array(
            Connection connection, String type, List<NewEvent> events, Function<NewEvent, @Nullable Object> column)
            throws SQLException {
        return connection.createArrayOf(type, events.stream().map(column).toArray());
    }

    private static Array bytes(
            Connection connection, List<NewEvent> events, Function<NewEvent, byte @Nullable []> column)
            throws SQLException {
        return connection.createArrayOf("bytea", events.stream().map(column).toArray(byte[][]::new));
    }
}
