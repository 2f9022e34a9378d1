package org.countersign.signature.durability;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.OptionalInt;
import org.springframework.stereotype.Component;

/**
 * Reads the settings of the primary. It uses a new connection with the role and the options of the service, so that it
 * takes none from requests.
 */
@Component
class PostgresDurabilityReader {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String SETTINGS = """
            select current_setting('fsync') = 'on', current_setting('full_page_writes') = 'on',
                current_setting('synchronous_commit'), current_setting('synchronous_standby_names'),
                visible, synchronous, observer
            from count_standbys()""";

    private final HikariDataSource pool;

    PostgresDurabilityReader(HikariDataSource pool) {
        this.pool = pool;
    }

    /** @throws SQLException if the primary does not answer */
    PostgresDurability read() throws SQLException {
        try (Connection connection = pool.getDataSource().getConnection()) {
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(TIMEOUT.toMillis()));
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(SETTINGS)) {
                row.next();
                return new PostgresDurability(
                        row.getBoolean(1),
                        row.getBoolean(2),
                        row.getString(3),
                        row.getString(4),
                        row.getBoolean(5) ? OptionalInt.of(row.getInt(6)) : OptionalInt.empty(),
                        row.getString(7));
            }
        }
    }
}
