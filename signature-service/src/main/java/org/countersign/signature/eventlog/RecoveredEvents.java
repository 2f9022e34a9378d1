package org.countersign.signature.eventlog;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.stereotype.Component;

/**
 * Puts events back to the places that they had in the log. Only the next index after the head is accepted, so that an
 * interrupted recovery continues where it ended, and a repeated one changes nothing.
 */
@Component
public class RecoveredEvents {

    private static final SQLExceptionTranslator ERRORS = new SQLExceptionSubclassTranslator();

    private static final byte[] NOTHING = {};
    /** No petition has this number. */
    private static final int NO_PETITION = 0;
    /** No type has this code. */
    private static final short NO_TYPE = Short.MAX_VALUE;

    private final DataSource dataSource;
    private final PetitionNumbers numbers;
    private final EventLog log;
    private final EventMac macs;

    RecoveredEvents(DataSource dataSource, PetitionNumbers numbers, EventLog log, EventMac macs) {
        this.dataSource = dataSource;
        this.numbers = numbers;
        this.log = log;
        this.macs = macs;
    }

    /**
     * Puts back events in one transaction. Events that destroyed secrets destroy them again.
     *
     * @param events events with consecutive indexes, the first directly after the head
     * @return the number of destroyed secrets
     */
    public long append(List<StoredEvent> events) {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try (PreparedStatement statement =
                connection.prepareStatement("select recover_events(?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            statement.setLong(1, events.get(0).index());
            statement.setArray(2, array(connection, "uuid", events, StoredEvent::stream));
            statement.setArray(3, array(connection, "int4", events, StoredEvent::sequence));
            statement.setArray(
                    4,
                    array(
                            connection,
                            "int4",
                            events,
                            event -> event.authentic()
                                    ? numbers.number(event.petition().value())
                                    : NO_PETITION));
            statement.setArray(
                    5,
                    array(
                            connection,
                            "int2",
                            events,
                            event -> event.authentic() ? (short) event.type().code() : NO_TYPE));
            statement.setArray(6, array(connection, "timestamptz", events, StoredEvent::at));
            statement.setArray(
                    7, array(connection, "uuid", events, event -> event.trace().orElse(null)));
            statement.setArray(
                    8,
                    connection.createArrayOf(
                            "bytea",
                            events.stream()
                                    .map(event -> event.authentic() ? event.data() : NOTHING)
                                    .toArray(byte[][]::new)));
            statement.setArray(
                    9,
                    connection.createArrayOf(
                            "bytea", events.stream().map(this::mac).toArray(byte[][]::new)));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            throw ERRORS.translate("recover events", null, e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    /** A marker of Kafka takes its place in the log again, and is as little authentic as before. */
    private byte[] mac(StoredEvent event) {
        return event.authentic()
                ? macs.of(
                        event.stream(),
                        event.sequence(),
                        event.petition().value(),
                        event.type().code(),
                        event.at(),
                        event.data())
                : NOTHING;
    }

    private static Array array(
            Connection connection,
            String type,
            List<StoredEvent> events,
            Function<StoredEvent, @Nullable Object> column)
            throws SQLException {
        return connection.createArrayOf(type, events.stream().map(column).toArray());
    }

    /** Tells whether the log has this event at this place. */
    public boolean contains(StoredEvent event) {
        UUID stream = event.stream();
        return log.after(event.index() - 1, 1).stream()
                .anyMatch(stored -> stored.index() == event.index()
                        && stored.stream().equals(stream)
                        && stored.sequence() == event.sequence()
                        && stored.authentic() == event.authentic()
                        && (!event.authentic() || Arrays.equals(stored.data(), event.data())));
    }
}
