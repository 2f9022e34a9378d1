package org.countersign.signature.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.countersign.events.EventType;
import org.countersign.localstack.server.PostgresCluster;
import org.countersign.localstack.server.PostgresDatabases;
import org.countersign.signature.domain.LogUnavailableException;
import org.countersign.support.keys.KeyRing;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Commits that wait for a halted standby, and whose wait is cancelled. PostgreSQL then reports success with a warning,
 * although only the primary has the commit.
 */
class CancelledReplicationTest {

    private static final String NAME = "signature_service";
    private static final String PASSWORD = "test";
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    static Path directory;

    private static PostgresCluster cluster;
    private static JdbcClient observer;

    private final HikariDataSource dataSource = new HikariDataSource();
    private GroupCommit commits;

    @BeforeAll
    static void startCluster() {
        cluster = PostgresCluster.start(directory, PostgresCluster.CommitPolicy.REQUIRED, PASSWORD);
        cluster.databases().create(NAME, PASSWORD, PASSWORD);
        Flyway.configure()
                .dataSource(cluster.url(NAME), PostgresDatabases.ownerOf(NAME), PASSWORD)
                .placeholders(Map.of("runtimeRole", NAME))
                .load()
                .migrate();
        observer = JdbcClient.create(new DriverManagerDataSource(cluster.url(NAME), NAME, PASSWORD));
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @BeforeEach
    void start() {
        dataSource.setJdbcUrl(cluster.url(NAME));
        dataSource.setUsername(NAME);
        dataSource.setPassword(PASSWORD);
        dataSource.setMaximumPoolSize(4);
        commits = new GroupCommit(
                dataSource,
                new PetitionNumbers(JdbcClient.create(dataSource)),
                new LogGate(),
                10,
                events -> {},
                new SimpleMeterRegistry());
        append(event()).join();
    }

    @AfterEach
    void stop() throws Exception {
        signalStandby("CONT");
        commits.close();
        dataSource.close();
    }

    private static NewEvent event() {
        return NewEvent.of(
                new EventMac(KeyRing.parse("TEST", "1:" + Base64.getEncoder().encodeToString(new byte[32]))),
                UUID.randomUUID(),
                0,
                "more-trees",
                EventType.SIGNING_REPEATED,
                Instant.parse("2030-05-01T12:00:00.123Z"),
                null,
                new byte[] {1},
                new byte[] {1},
                null);
    }

    private CompletableFuture<GroupCommit.AppendResult> append(NewEvent event) {
        return CompletableFuture.supplyAsync(() -> commits.append(List.of(event)));
    }

    private static void signalStandby(String signal) throws IOException, InterruptedException {
        String standby = PostgresCluster.parts().stream()
                .filter(part -> !part.equals(cluster.primary()))
                .findFirst()
                .orElseThrow();
        ProcessHandle first = cluster.process(standby).orElseThrow();
        List<Long> all = Stream.concat(first.descendants(), Stream.of(first))
                .map(ProcessHandle::pid)
                .toList();
        for (long pid : all) {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
        }
    }

    /** A statement whose commit waits. The next statement may be in the same process. */
    private record WaitingCommit(int process, OffsetDateTime since) {}

    private static List<WaitingCommit> waitingForReplication() {
        return observer.sql("""
                        select pid, query_start from pg_stat_activity
                        where usename = current_user and wait_event = 'SyncRep'""")
                .query((row, number) -> new WaitingCommit(row.getInt(1), row.getObject(2, OffsetDateTime.class)))
                .list();
    }

    private static WaitingCommit awaitWaiting() {
        await().atMost(LONG).until(() -> !waitingForReplication().isEmpty());
        return waitingForReplication().get(0);
    }

    private static void end(String function, WaitingCommit waiting) {
        observer.sql("select " + function + "(?)")
                .param(waiting.process())
                .query(Boolean.class)
                .single();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pg_cancel_backend", "pg_terminate_backend"})
    void a_commit_whose_wait_is_ended_is_acknowledged_when_the_standby_has_it(String function) throws Exception {
        signalStandby("STOP");
        CompletableFuture<GroupCommit.AppendResult> result = append(event());
        WaitingCommit first = awaitWaiting();
        end(function, first);
        await().atMost(LONG)
                .until(() ->
                        result.isDone() || waitingForReplication().stream().anyMatch(commit -> !commit.equals(first)));
        assertThat(result).isNotDone();
        signalStandby("CONT");
        assertThat(result.get(1, TimeUnit.MINUTES)).isEqualTo(GroupCommit.AppendResult.APPENDED);
    }

    @Test
    void the_outcome_of_a_commit_is_unknown_if_no_standby_gets_it() throws Exception {
        signalStandby("STOP");
        CompletableFuture<GroupCommit.AppendResult> result = append(event());
        awaitWaiting();
        await().atMost(LONG).until(() -> {
            waitingForReplication().forEach(commit -> end("pg_cancel_backend", commit));
            return result.isDone();
        });
        CompletionException failed = catchThrowableOfType(CompletionException.class, result::join);
        assertThat(failed)
                .cause()
                .isInstanceOfSatisfying(
                        LogUnavailableException.class,
                        unknown -> assertThat(unknown.isNothingRecorded()).isFalse());
    }
}
