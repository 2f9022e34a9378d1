package org.countersign.signature.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.countersign.events.EventType;
import org.countersign.signature.domain.LogUnavailableException;
import org.countersign.support.keys.KeyRing;
import org.countersign.testkit.LockedLog;
import org.countersign.testkit.TestServers;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Commits on real PostgreSQL whose connection breaks before or after the statement. */
class LostCommitTest {

    private final HikariDataSource dataSource = new HikariDataSource();
    private final AtomicReference<Fault> fault = new AtomicReference<>(Fault.NONE);
    private final AtomicReference<Consumer<List<StoredEvent>>> listener = new AtomicReference<>(events -> {});
    private TestServers.Database database;
    private JdbcClient jdbc;
    private GroupCommit commits;

    private enum Fault {
        NONE,
        /** The connection breaks before the statement reaches the server. */
        LOST_STATEMENT,
        /** The server commits, and its answer is lost. */
        LOST_ANSWER,
        /** The answer is lost, and afterwards no connection can be opened. */
        LOST_DATABASE,
        /** The server commits, and its answer causes an Error. */
        ERROR_IN_ANSWER,
        /** The server commits and answers, and the connection breaks afterwards. */
        LOST_AFTERWARDS,
        /** No connection can be opened. */
        NO_CONNECTION,
        /** An Error instead of a connection. */
        ERROR
    }

    @BeforeEach
    void start() {
        database = TestServers.database();
        dataSource.setJdbcUrl(database.url());
        dataSource.setUsername(database.user());
        dataSource.setPassword(database.password());
        dataSource.setMaximumPoolSize(4);
        Flyway.configure()
                .dataSource(database.url(), database.owner(), database.password())
                .placeholders(Map.of("runtimeRole", database.user()))
                .load()
                .migrate();
        jdbc = JdbcClient.create(dataSource);
        commits = new GroupCommit(
                new BreakingDataSource(),
                new PetitionNumbers(jdbc),
                new LogGate(),
                10,
                events -> listener.get().accept(events),
                new SimpleMeterRegistry());
    }

    @AfterEach
    void stop() {
        commits.close();
        dataSource.close();
    }

    private final class BreakingDataSource extends DelegatingDataSource {

        private BreakingDataSource() {
            super(dataSource);
        }

        @Override
        public Connection getConnection() throws SQLException {
            switch (fault.get()) {
                case ERROR -> {
                    fault.set(Fault.NONE);
                    throw new StackOverflowError("as a test wants it");
                }
                case NO_CONNECTION -> throw connectionLost();
                default -> {
                    return breaking(Connection.class, super.getConnection());
                }
            }
        }
    }

    private static SQLException connectionLost() {
        return new SQLException("An I/O error occurred", "08006");
    }

    private <T> T breaking(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call(target, method, arguments)));
    }

    private Object call(Object target, Method method, Object[] arguments) throws Throwable {
        boolean append = method.getName().equals("executeQuery");
        if (append && fault.compareAndSet(Fault.LOST_STATEMENT, Fault.NONE)) {
            throw connectionLost();
        }
        Object result;
        try {
            result = method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (append && fault.compareAndSet(Fault.LOST_ANSWER, Fault.NONE)
                || append && fault.compareAndSet(Fault.LOST_DATABASE, Fault.NO_CONNECTION)) {
            throw connectionLost();
        }
        if (append && fault.compareAndSet(Fault.ERROR_IN_ANSWER, Fault.NONE)) {
            throw new StackOverflowError("as a test wants it");
        }
        if (method.getName().equals("close") && fault.compareAndSet(Fault.LOST_AFTERWARDS, Fault.NONE)) {
            throw connectionLost();
        }
        return result instanceof PreparedStatement statement ? breaking(PreparedStatement.class, statement) : result;
    }

    private static NewEvent event(UUID stream, int sequence, String data) {
        return event(EventType.SIGNING_REPEATED, stream, sequence, data);
    }

    private static NewEvent event(EventType type, UUID stream, int sequence, String data) {
        return NewEvent.of(
                new EventMac(KeyRing.parse("TEST", "1:" + Base64.getEncoder().encodeToString(new byte[32]))),
                stream,
                sequence,
                "more-trees",
                type,
                Instant.parse("2030-05-01T12:00:00.123Z"),
                null,
                data.getBytes(),
                new byte[] {1},
                null);
    }

    private long events() {
        return jdbc.sql("select count(*) from event").query(Long.class).single();
    }

    private LogUnavailableException failure(NewEvent event) {
        return catchThrowableOfType(LogUnavailableException.class, () -> commits.append(List.of(event)));
    }

    @Test
    void a_commit_whose_answer_was_lost_is_found_and_not_repeated() {
        fault.set(Fault.LOST_ANSWER);
        assertThat(commits.append(List.of(event(UUID.randomUUID(), 0, "a"))))
                .isEqualTo(GroupCommit.AppendResult.APPENDED);
        assertThat(events()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"ERROR_IN_ANSWER", "LOST_AFTERWARDS"})
    void whatever_fails_after_the_commit_the_events_are_found(Fault later) {
        fault.set(later);
        assertThat(commits.append(List.of(event(UUID.randomUUID(), 0, "a"))))
                .isEqualTo(GroupCommit.AppendResult.APPENDED);
        assertThat(events()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST_STATEMENT", "LOST_ANSWER", "ERROR_IN_ANSWER", "LOST_AFTERWARDS"})
    void a_sign_call_that_a_rule_holds_is_held_once_whatever_is_lost(Fault lost) {
        NewEvent held =
                event(EventType.PETITION_SIGNED, UUID.randomUUID(), 0, "a").heldBy("limit-domain");
        fault.set(lost);
        assertThat(commits.append(List.of(held))).isEqualTo(GroupCommit.AppendResult.HELD);
        assertThat(jdbc.sql("select count(*) from held_signing")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
        assertThat(events()).isZero();
    }

    @Test
    void a_held_call_takes_no_place_from_a_later_call_of_the_same_address() {
        UUID stream = UUID.randomUUID();
        NewEvent first = event(EventType.PETITION_SIGNED, stream, 0, "a");
        assertThat(commits.append(
                        List.of(event(EventType.PETITION_SIGNED, stream, 0, "b").heldBy("disposable"))))
                .isEqualTo(GroupCommit.AppendResult.HELD);
        assertThat(commits.append(List.of(first))).isEqualTo(GroupCommit.AppendResult.APPENDED);
    }

    @Test
    void a_statement_that_was_lost_is_sent_again() {
        fault.set(Fault.LOST_STATEMENT);
        assertThat(commits.append(List.of(event(UUID.randomUUID(), 0, "a"))))
                .isEqualTo(GroupCommit.AppendResult.APPENDED);
        assertThat(events()).isEqualTo(1);
    }

    @Test
    void events_of_another_command_at_the_same_place_are_a_conflict_even_if_the_answer_was_lost() {
        UUID stream = UUID.randomUUID();
        commits.append(List.of(event(stream, 0, "a")));
        fault.set(Fault.LOST_ANSWER);
        assertThat(commits.append(List.of(event(stream, 0, "b")))).isEqualTo(GroupCommit.AppendResult.CONFLICT);
        assertThat(events()).isEqualTo(1);
    }

    @Test
    void a_sign_call_whose_answer_was_lost_is_recorded_once() {
        NewEvent first = event(EventType.PETITION_SIGNED, UUID.randomUUID(), 0, "a");
        fault.set(Fault.LOST_ANSWER);
        assertThat(commits.append(List.of(first))).isEqualTo(GroupCommit.AppendResult.APPENDED);
        assertThat(repeatedSignings()).isZero();

        NewEvent again = event(EventType.PETITION_SIGNED, first.stream(), 0, "b");
        fault.set(Fault.LOST_ANSWER);
        assertThat(commits.append(List.of(again))).isEqualTo(GroupCommit.AppendResult.DEFERRED);
        assertThat(repeatedSignings()).isEqualTo(1);
        assertThat(events()).isEqualTo(1);
    }

    private long repeatedSignings() {
        return jdbc.sql("select count(*) from repeated_signing")
                .query(Long.class)
                .single();
    }

    @Test
    void when_the_database_stays_away_after_a_lost_answer_the_outcome_is_unknown() {
        UUID stream = UUID.randomUUID();
        fault.set(Fault.LOST_DATABASE);
        assertThat(failure(event(stream, 0, "a")).isNothingRecorded()).isFalse();
        fault.set(Fault.NONE);
        assertThat(events()).isEqualTo(1);
        // A caller that repeats the command decides from the history that it finds now.
        assertThat(commits.append(List.of(event(stream, 0, "c")))).isEqualTo(GroupCommit.AppendResult.CONFLICT);
    }

    @Test
    void without_a_connection_nothing_is_recorded() {
        fault.set(Fault.NO_CONNECTION);
        assertThat(failure(event(UUID.randomUUID(), 0, "a")).isNothingRecorded())
                .isTrue();
        fault.set(Fault.NONE);
        assertThat(events()).isZero();
    }

    @Test
    void a_statement_that_the_server_refuses_records_nothing() {
        JdbcClient.create(new DriverManagerDataSource(database.url(), database.owner(), database.password()))
                .sql("alter table stream_event add constraint short check (sequence < 5)")
                .update();
        assertThat(failure(event(UUID.randomUUID(), 7, "a")).isNothingRecorded())
                .isTrue();
        assertThat(events()).isZero();
    }

    @Test
    void while_a_commit_hangs_the_commands_behind_it_are_refused_and_not_recorded() throws Exception {
        NewEvent hanging = event(UUID.randomUUID(), 0, "a");
        CompletableFuture<GroupCommit.AppendResult> first;
        try (LockedLog lock =
                new LockedLog(DriverManager.getConnection(database.url(), database.owner(), database.password()))) {
            first = CompletableFuture.supplyAsync(() -> commits.append(List.of(hanging)));
            lock.awaitHangingCommit();
            assertThat(failure(event(UUID.randomUUID(), 0, "b")).isNothingRecorded())
                    .isTrue();
        }
        assertThat(first.get(1, TimeUnit.MINUTES)).isEqualTo(GroupCommit.AppendResult.APPENDED);
        assertThat(events()).isEqualTo(1);
        assertThat(commits.append(List.of(event(UUID.randomUUID(), 0, "c"))))
                .isEqualTo(GroupCommit.AppendResult.APPENDED);
        assertThat(events()).isEqualTo(2);
    }

    @Test
    void an_error_in_the_writer_fails_its_commands_and_the_writer_goes_on() {
        fault.set(Fault.ERROR);
        assertThat(failure(event(UUID.randomUUID(), 0, "a"))).hasRootCauseInstanceOf(StackOverflowError.class);
        assertThat(commits.append(List.of(event(UUID.randomUUID(), 0, "b"))))
                .isEqualTo(GroupCommit.AppendResult.APPENDED);
    }

    @Test
    void an_error_in_a_listener_changes_nothing_for_events_that_are_durable() {
        listener.set(events -> {
            throw new AssertionError("as a test wants it");
        });
        assertThat(commits.append(List.of(event(UUID.randomUUID(), 0, "a"))))
                .isEqualTo(GroupCommit.AppendResult.APPENDED);
        assertThat(commits.append(List.of(event(UUID.randomUUID(), 0, "b"))))
                .isEqualTo(GroupCommit.AppendResult.APPENDED);
        assertThat(events()).isEqualTo(2);
    }
}
