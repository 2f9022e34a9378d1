package org.countersign.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.server.PostgresBackup;

/** Backs up and restores the databases and the key file of a local stack. Kafka and the mailbox stay as they are. */
public final class StackBackup {

    private static final String POSTGRES = "postgres";
    private static final String SECRETS = "secrets.properties";
    /** Written last. A backup without it is incomplete. */
    private static final String COMPLETE = "complete";

    private final Path data;

    /** @param data the directory of the stack */
    public StackBackup(Path data) {
        this.data = data;
    }

    /**
     * Backs up a stack, also while it runs.
     *
     * @param target the directory of the backup, which must be new or empty
     * @throws UserException if there is no stack, or the target contains files
     */
    public void backUp(Path target) {
        refuseCluster();
        if (!Files.exists(data.resolve(SECRETS)) || !Files.exists(data.resolve(POSTGRES))) {
            throw new UserException(data + " contains no stack. Name its directory with --data.");
        }
        try {
            Files.createDirectories(target);
            requireEmpty(target);
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
            PostgresBackup.copy(
                    data.resolve(POSTGRES),
                    target.resolve(POSTGRES),
                    StackSecrets.in(data).password("postgres"));
            Files.copy(data.resolve(SECRETS), target.resolve(SECRETS), StandardCopyOption.COPY_ATTRIBUTES);
            Files.writeString(
                    target.resolve(COMPLETE),
                    Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS).toString());
        } catch (IOException e) {
            throw new UncheckedIOException("the backup cannot be written", e);
        }
    }

    private void refuseCluster() {
        if (Files.exists(data.resolve(ClusterServers.POSTGRES_DIRECTORY))) {
            throw new UserException("The stack in " + data + " is a cluster, which this command cannot back up or "
                    + "restore. Use pg_basebackup, or a stack without --cluster.");
        }
    }

    private static void requireEmpty(Path target) throws IOException {
        try (Stream<Path> entries = Files.list(target)) {
            if (entries.findAny().isPresent()) {
                throw new UserException(target + " contains files. Choose a new directory for the backup.");
            }
        }
    }

    /** A restored backup: when it ended, and where the replaced data is, or an empty path without any. */
    public record RestoredBackup(String time, Path replaced) {}

    /**
     * Restores a backup over a stopped stack.
     *
     * @param source the directory of the backup
     * @param force whether existing data may be replaced; it is kept beside the restored data
     * @throws UserException if the stack runs, the backup is incomplete, or data exists and force is false
     */
    public RestoredBackup restore(Path source, boolean force) {
        refuseCluster();
        if (!Files.exists(source.resolve(COMPLETE))) {
            throw new UserException(source + " contains no complete backup.");
        }
        try {
            Files.createDirectories(data);
            try (FileChannel file = FileChannel.open(
                            data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = file.tryLock()) {
                if (lock == null || PostgresBackup.isRunning(data.resolve(POSTGRES))) {
                    throw new UserException("The stack in " + data + " is running. Stop it first.");
                }
                return replace(source, force);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the backup cannot be restored", e);
        }
    }

    private RestoredBackup replace(Path source, boolean force) throws IOException {
        Path current = data.resolve(POSTGRES);
        Path replaced = Path.of("");
        if (Files.exists(current)) {
            if (!force) {
                throw new UserException(data + " contains databases. Replace them with --force.");
            }
            replaced = unused(POSTGRES + ".replaced-");
            Files.move(current, replaced);
        }
        PostgresBackup.copy(source.resolve(POSTGRES), current, "");
        Path secrets = data.resolve(SECRETS);
        if (Files.exists(secrets) && Files.mismatch(secrets, source.resolve(SECRETS)) >= 0) {
            Files.move(secrets, unused(SECRETS + ".replaced-"));
        }
        Files.copy(
                source.resolve(SECRETS),
                secrets,
                StandardCopyOption.COPY_ATTRIBUTES,
                StandardCopyOption.REPLACE_EXISTING);
        return new RestoredBackup(Files.readString(source.resolve(COMPLETE)), replaced);
    }

    private Path unused(String prefix) {
        int number = 1;
        while (Files.exists(data.resolve(prefix + number))) {
            number++;
        }
        return data.resolve(prefix + number);
    }
}
