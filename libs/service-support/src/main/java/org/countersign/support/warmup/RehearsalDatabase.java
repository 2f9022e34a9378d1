package org.countersign.support.warmup;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;

/**
 * A copy of tables that only one connection sees. PostgreSQL drops temporary tables with their connection, writes no
 * log for them, and locks nothing that another connection needs.
 *
 * <p>The connection finds temporary tables only. If it is lost, a new one finds no table at all, and the rehearsal
 * fails. It can therefore never write to the real tables.
 */
public final class RehearsalDatabase implements AutoCloseable {

    /** The schema of the copied functions, which a caller has to name. */
    public static final String SCHEMA = "pg_temp";

    private static final String OPTIONS = "options";

    private final HikariDataSource pool;

    private RehearsalDatabase(HikariDataSource pool) {
        this.pool = pool;
    }

    /**
     * Copies tables, without their rows.
     *
     * @param real the data source of the service; the copy has its settings
     * @param tables the names of the tables
     * @throws SQLException if the role of the service must not create temporary tables
     */
    public static RehearsalDatabase open(DataSource real, List<String> tables) throws SQLException {
        RehearsalDatabase database = new RehearsalDatabase(connect(real.unwrap(HikariDataSource.class)));
        try {
            database.execute("set temp_buffers = '32MB'");
            for (String table : tables) {
                database.execute("create temporary table %s (like public.%s including all)".formatted(table, table));
            }
        } catch (SQLException e) {
            database.close();
            throw e;
        }
        return database;
    }

    /** Opens a pool without metrics. Its only connection stays open, because the tables end with it. */
    private static HikariDataSource connect(HikariDataSource real) {
        Properties properties = new Properties();
        properties.putAll(real.getDataSourceProperties());
        properties.merge(OPTIONS, "-c search_path=pg_temp", (given, added) -> given + " " + added);
        HikariConfig settings = new HikariConfig();
        settings.setPoolName("rehearsal");
        settings.setJdbcUrl(real.getJdbcUrl());
        settings.setUsername(real.getUsername());
        settings.setPassword(real.getPassword());
        settings.setDataSourceProperties(properties);
        settings.setMaximumPoolSize(1);
        settings.setMaxLifetime(0);
        settings.setIdleTimeout(0);
        settings.setConnectionTimeout(real.getConnectionTimeout());
        return new HikariDataSource(settings);
    }

    /** Returns the data source of the copy. */
    public DataSource dataSource() {
        return pool;
    }

    /** Runs a statement. */
    public void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /**
     * Copies a function of the schema public, so that it uses the copied tables with the rights of the caller.
     *
     * @param name the name of the function, which is not overloaded
     */
    public void copyFunction(String name) throws SQLException {
        String definition;
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select pg_get_functiondef('public.%s'::regproc)".formatted(name))) {
            row.next();
            definition = row.getString(1);
        }
        execute(definition
                .replace("FUNCTION public." + name, "FUNCTION " + SCHEMA + "." + name)
                .replace(" SECURITY DEFINER\n", "\n")
                .replace("SET search_path TO 'public', 'pg_temp'", "SET search_path TO 'pg_temp', 'public'"));
    }

    @Override
    public void close() {
        pool.close();
    }
}
