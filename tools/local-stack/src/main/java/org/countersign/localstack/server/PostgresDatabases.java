package org.countersign.localstack.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Creates and drops the databases and roles of a PostgreSQL server, as its administrator. */
public final class PostgresDatabases {

    private final AdministratorConnection administrator;

    /** Opens connections of the administrator. */
    interface AdministratorConnection {
        Connection connect() throws SQLException;
    }

    PostgresDatabases(AdministratorConnection administrator) {
        this.administrator = administrator;
    }

    /**
     * Creates a database and a role that owns it. If both exist, it sets the role's password.
     *
     * @param name the name of database and role, with lower-case letters and underscores
     * @param password the role's password
     */
    public void create(String name, String password) {
        requireName(name);
        change(name, connection -> createOwned(connection, name, name, password));
    }

    /**
     * Creates a database, a role that owns it, and a role for a service, which has the name of the database and no
     * rights but to connect. If they exist, it sets the passwords.
     *
     * @param name the name of database and role, with lower-case letters and underscores
     * @param ownerPassword the password of the role {@link #ownerOf}
     * @param password the password of the service's role
     */
    public void create(String name, String ownerPassword, String password) {
        requireName(name);
        change(name, connection -> {
            createOwned(connection, name, ownerOf(name), ownerPassword);
            role(connection, name, password);
            try (Statement statement = connection.createStatement()) {
                statement.execute("grant connect on database " + name + " to " + name);
            }
        });
    }

    /**
     * Lets the owner of a service's database see the statistics of the server. It counts the standbys for the service.
     *
     * @param name the name of the database
     */
    public void grantStatistics(String name) {
        requireName(name);
        change(name, connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("grant pg_read_all_stats to " + ownerOf(name));
            }
        });
    }

    /** Returns the name of the role that owns the database of a service. */
    public static String ownerOf(String name) {
        return name + "_owner";
    }

    private static void requireName(String name) {
        if (!name.matches("[a-z_]+")) {
            throw new IllegalArgumentException(
                    "the name of a database may contain only lower-case letters and underscores");
        }
    }

    /** A change by the administrator. */
    private interface Change {
        void on(Connection connection) throws SQLException;
    }

    private void change(String name, Change change) {
        try (Connection connection = administrator.connect()) {
            change.on(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("The database " + name + " cannot be created or changed", e);
        }
    }

    private static void createOwned(Connection connection, String name, String owner, String password)
            throws SQLException {
        role(connection, owner, password);
        if (!exists(connection, "select 1 from pg_database where datname = ?", name)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("create database " + name + " owner " + owner);
                statement.execute("revoke all on database " + name + " from public");
            }
        }
    }

    private static void role(Connection connection, String name, String password) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!exists(connection, "select 1 from pg_roles where rolname = ?", name)) {
                statement.execute("create role " + name + " login");
            }
            statement.execute("alter role " + name + " password " + statement.enquoteLiteral(password));
        }
    }

    /** Drops a database with everything in it and ends all connections to it. Its role stays. */
    public void drop(String name) {
        try (Connection connection = administrator.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("drop database if exists " + statement.enquoteIdentifier(name, true) + " with (force)");
        } catch (SQLException e) {
            throw new IllegalStateException("The database " + name + " cannot be dropped", e);
        }
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet found = statement.executeQuery()) {
                return found.next();
            }
        }
    }
}
