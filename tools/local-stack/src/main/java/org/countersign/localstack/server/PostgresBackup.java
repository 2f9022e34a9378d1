package org.countersign.localstack.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.net.Endpoint;

/**
 * Copies the data directory of a PostgreSQL server with all its databases, also while the server runs. The embedded
 * distribution lacks pg_basebackup, so this class uses the low-level interface of PostgreSQL.
 */
public final class PostgresBackup {

    private static final Path WAL = Path.of("pg_wal");
    /** Files of the running server. */
    private static final Set<String> SKIPPED_FILES =
            Set.of("postmaster.pid", "postmaster.opts", "epg-lock", "pg_internal.init");
    /** Directories whose content a starting server creates. */
    private static final Set<Path> EMPTY_DIRECTORIES = Set.of(
            Path.of("pg_replslot"),
            Path.of("pg_dynshmem"),
            Path.of("pg_notify"),
            Path.of("pg_serial"),
            Path.of("pg_snapshots"),
            Path.of("pg_stat_tmp"),
            Path.of("pg_subtrans"));

    /** A table or index, its maps and its segments. */
    private static final Pattern TABLE_FILE = Pattern.compile("([0-9]+)(_fsm|_vm)?(\\.[0-9]+)?");

    private static final int PORT_LINE = 3;
    private static final int HOST_LINE = 5;

    private PostgresBackup() {}

    /** Tells whether a server runs on the data directory. */
    public static boolean isRunning(Path data) {
        Path pidFile = data.resolve("postmaster.pid");
        try {
            return Files.exists(pidFile)
                    && ProcessHandle.of(Long.parseLong(
                                    Files.readAllLines(pidFile).get(0).strip()))
                            .isPresent();
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            return false;
        }
    }

    /**
     * Copies a data directory.
     *
     * @param data the data directory
     * @param target the copy, which must not exist
     * @param administratorPassword the administrator's password
     */
    public static void copy(Path data, Path target, String administratorPassword) {
        try {
            if (isRunning(data)) {
                copyRunning(data, target, administratorPassword);
            } else {
                copyTree(data, target, false);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL's data cannot be copied", e);
        }
    }

    private static void copyRunning(Path data, Path target, String administratorPassword) throws IOException {
        List<String> pidFile = Files.readAllLines(data.resolve("postmaster.pid"));
        String host = pidFile.get(HOST_LINE).strip();
        Endpoint server = new Endpoint(
                host.equals("*") ? "127.0.0.1" : host,
                Integer.parseInt(pidFile.get(PORT_LINE).strip()));
        String url = PostgresServer.url(server, "postgres");
        try (Connection connection = DriverManager.getConnection(url, "postgres", administratorPassword);
                Statement statement = connection.createStatement()) {
            // The slot keeps the write-ahead log from here on until it is copied. It ends with the connection.
            statement.execute("select pg_create_physical_replication_slot('countersign_backup', true, true)");
            statement.execute("select pg_backup_start('countersign', true)");
            copyTree(data, target, true);
            try (ResultSet row = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
                row.next();
                Files.writeString(target.resolve("backup_label"), row.getString(1));
            }
            copyTree(data.resolve(WAL), target.resolve(WAL), false);
        } catch (SQLException e) {
            throw new UserException("PostgreSQL cannot be backed up: " + e.getMessage());
        }
    }

    private static void copyTree(Path from, Path to, boolean withoutWal) throws IOException {
        Files.createDirectories(to);
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwx------"));
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Path relative = from.relativize(directory);
                if (!relative.toString().isEmpty()) {
                    Files.createDirectories(to.resolve(relative));
                    Files.setPosixFilePermissions(to.resolve(relative), PosixFilePermissions.fromString("rwx------"));
                }
                boolean skipped = EMPTY_DIRECTORIES.contains(relative) || withoutWal && relative.equals(WAL);
                return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                boolean skipped = SKIPPED_FILES.contains(file.getFileName().toString())
                        // The recovery of a copy that was made while the server ran empties unlogged tables.
                        || withoutWal && isOfUnloggedTable(file);
                if (!skipped) {
                    copyFile(file, to.resolve(from.relativize(file)));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                return vanished(e);
            }
        });
    }

    /** Tells whether a file holds rows of an unlogged table or index. Only these have an initial file beside them. */
    private static boolean isOfUnloggedTable(Path file) {
        Matcher name = TABLE_FILE.matcher(file.getFileName().toString());
        return name.matches() && Files.exists(file.resolveSibling(name.group(1) + "_init"));
    }

    private static void copyFile(Path file, Path target) throws IOException {
        try {
            Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            vanished(e);
        }
    }

    /** A running server deletes files. The write-ahead log repeats that. */
    private static FileVisitResult vanished(IOException e) throws IOException {
        if (e instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw e;
    }
}
