package org.countersign.signature.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.countersign.events.EventType;
import org.countersign.signature.domain.LogBehindException;
import org.countersign.signature.domain.LogUnavailableException;
import org.countersign.support.keys.KeyRing;
import org.countersign.testkit.TestServers;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class EventLogTest {

    private static final String PETITION = "more-trees";

    private static final EventMac MACS =
            new EventMac(KeyRing.parse("TEST", "1:" + Base64.getEncoder().encodeToString(new byte[32])));

    private final List<AutoCloseable> opened = new ArrayList<>();
    private TestServers.Database database;
    private JdbcClient jdbc;
    private final LogGate gate = new LogGate();
    private EventLog log;

    @BeforeEach
    void emptyLog() {
        database = TestServers.database();
        HikariDataSource dataSource = dataSource(database.owner());
        Flyway.configure()
                .dataSource(dataSource)
                .placeholders(Map.of("runtimeRole", database.user()))
                .load()
                .migrate();
        jdbc = JdbcClient.create(dataSource);
        log = new EventLog(jdbc, new PetitionNumbers(jdbc), MACS, gate);
    }

    @Test
    void no_call_is_answered_from_a_log_that_was_replaced_by_an_older_one() {
        GroupCommit writer = writer(10, () -> {});
        AxonStorageEngine engine = new AxonStorageEngine(writer, log, MACS);
        UUID confirmed = UUID.randomUUID();
        writer.append(List.of(event(confirmed, 0)));

        gate.seen(log.head() + 1);
        for (UUID stream : List.of(confirmed, UUID.randomUUID())) {
            assertThatThrownBy(() -> engine.readEvents(stream.toString(), 0)).isInstanceOf(LogBehindException.class);
        }
        assertThat(gate.isOpen()).isFalse();
    }

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private HikariDataSource dataSource(String user) {
        HikariDataSource dataSource = new HikariDataSource();
        dataSource.setJdbcUrl(database.url());
        dataSource.setUsername(user);
        dataSource.setPassword(database.password());
        dataSource.setMaximumPoolSize(4);
        dataSource.setConnectionTimeout(2000);
        opened.add(dataSource);
        return dataSource;
    }

    /** Starts a writer like that of one instance of the service. */
    private GroupCommit writer(int capacity, Runnable appended) {
        HikariDataSource dataSource = dataSource(database.user());
        GroupCommit commits = new GroupCommit(
                dataSource,
                new PetitionNumbers(JdbcClient.create(dataSource)),
                new LogGate(),
                capacity,
                events -> appended.run(),
                new SimpleMeterRegistry());
        opened.add(commits);
        return commits;
    }

    private static NewEvent event(UUID stream, int sequence) {
        return NewEvent.of(
                MACS,
                stream,
                sequence,
                PETITION,
                EventType.SIGNING_REPEATED,
                Instant.parse("2030-05-01T12:00:00.123Z"),
                new UUID(1, 2),
                "{\"round\":1}".getBytes(),
                sequence == 0 ? new byte[] {1, 2, 3} : null,
                null);
    }

    private static NewEvent signing(UUID stream) {
        return NewEvent.of(
                MACS,
                stream,
                0,
                PETITION,
                EventType.PETITION_SIGNED,
                Instant.parse("2030-05-01T12:00:00.123Z"),
                null,
                "{\"round\":1}".getBytes(),
                new byte[] {4, 5, 6},
                null);
    }

    @Test
    void stores_a_sign_call_of_an_address_that_has_signed_with_the_same_single_commit() {
        GroupCommit commits = writer(10, () -> {});
        UUID stream = UUID.randomUUID();
        assertThat(commits.append(List.of(signing(stream)))).isEqualTo(GroupCommit.AppendResult.APPENDED);
        assertThat(commits.append(List.of(signing(stream)))).isEqualTo(GroupCommit.AppendResult.DEFERRED);
        assertThat(log.head()).isEqualTo(1);
        assertThat(jdbc.sql("select secret from repeated_signing where stream = ?")
                        .param(stream)
                        .query(byte[].class)
                        .list())
                .containsExactly(new byte[] {4, 5, 6});
    }

    @Test
    void returns_appended_events() {
        UUID stream = UUID.randomUUID();
        assertThat(writer(10, () -> {}).append(List.of(event(stream, 0), event(stream, 1))))
                .isEqualTo(GroupCommit.AppendResult.APPENDED);
        assertThat(log.after(0, 10)).hasSize(2).first().satisfies(first -> {
            assertThat(first.index()).isEqualTo(1);
            assertThat(first.id()).isEqualTo(stream + ":0");
            assertThat(first.petition().value()).isEqualTo(PETITION);
            assertThat(first.type()).isEqualTo(EventType.SIGNING_REPEATED);
            assertThat(first.at()).isEqualTo("2030-05-01T12:00:00.123Z");
            assertThat(first.trace()).contains(new UUID(1, 2));
            assertThat(first.json()).isEqualTo("{\"round\":1}");
        });
        assertThat(log.stream(stream, 1)).extracting(StoredEvent::sequence).containsExactly(1);
        assertThat(log.sealedEvents(List.of(stream)))
                .singleElement()
                .satisfies(entry -> assertThat(entry.secret()).containsExactly(1, 2, 3));
        assertThat(log.head()).isEqualTo(2);
    }

    @Test
    void rejects_a_second_event_at_the_same_place_without_a_gap() {
        GroupCommit commits = writer(10, () -> {});
        UUID stream = UUID.randomUUID();
        commits.append(List.of(event(stream, 0)));
        assertThat(commits.append(List.of(event(stream, 0), event(stream, 1))))
                .isEqualTo(GroupCommit.AppendResult.CONFLICT);
        assertThat(commits.append(List.of(event(UUID.randomUUID(), 0)))).isEqualTo(GroupCommit.AppendResult.APPENDED);
        assertThat(log.after(0, 10)).extracting(StoredEvent::index).containsExactly(1L, 2L);
    }

    @Test
    void concurrent_instances_leave_no_gap_and_keep_the_order() throws Exception {
        int threads = 24;
        int commandsPerThread = 150;
        List<GroupCommit> instances = List.of(writer(1000, () -> {}), writer(1000, () -> {}), writer(1000, () -> {}));
        List<UUID> streams =
                IntStream.range(0, 400).mapToObj(i -> UUID.randomUUID()).toList();
        ConcurrentHashMap<String, AtomicInteger> lengths = new ConcurrentHashMap<>();
        AtomicBoolean writing = new AtomicBoolean(true);
        ExecutorService pool = Executors.newFixedThreadPool(threads + 1);
        // A concurrent reader must never see a gap. It would miss the events that fill the gap later.
        Future<List<Long>> reader = pool.submit(() -> follow(writing));
        List<Future<?>> writers = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            Random random = new Random(thread);
            GroupCommit commits = instances.get(thread % instances.size());
            writers.add(pool.submit(() -> {
                for (int i = 0; i < commandsPerThread; i++) {
                    UUID stream = streams.get(random.nextInt(streams.size()));
                    int sequence = lengths.getOrDefault(stream.toString(), new AtomicInteger())
                            .get();
                    if (appendAsClientDoes(commits, event(stream, sequence)) == GroupCommit.AppendResult.APPENDED) {
                        lengths.computeIfAbsent(stream.toString(), key -> new AtomicInteger())
                                .incrementAndGet();
                    }
                }
            }));
        }
        for (Future<?> finished : writers) {
            finished.get();
        }
        writing.set(false);
        List<Long> seen = reader.get();
        pool.shutdown();

        long appended = lengths.values().stream().mapToInt(AtomicInteger::get).sum();
        assertThat(seen)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, appended).boxed().toList());
        assertThat(log.head()).isEqualTo(appended);
        streams.forEach(stream -> assertThat(log.stream(stream, 0))
                .extracting(StoredEvent::sequence)
                .containsExactlyElementsOf(IntStream.range(
                                0,
                                lengths.getOrDefault(stream.toString(), new AtomicInteger())
                                        .get())
                        .boxed()
                        .toList()));
    }

    /**
     * A busy machine refuses commands that have waited for too long, and records nothing. A client then tries again.
     */
    private static GroupCommit.AppendResult appendAsClientDoes(GroupCommit commits, NewEvent event) {
        while (true) {
            try {
                return commits.append(List.of(event));
            } catch (LogUnavailableException e) {
                assertThat(e).hasRootCauseInstanceOf(TimeoutException.class);
            }
        }
    }

    private List<Long> follow(AtomicBoolean writing) {
        List<Long> seen = new ArrayList<>();
        boolean last = false;
        while (true) {
            List<StoredEvent> page = log.after(seen.isEmpty() ? 0 : seen.get(seen.size() - 1), 100);
            page.forEach(event -> seen.add(event.index()));
            if (page.isEmpty() && last) {
                return seen;
            }
            last = page.isEmpty() && !writing.get();
        }
    }

    @Test
    void a_duplicate_in_a_batch_fails_alone() throws Exception {
        CountDownLatch firstIsCommitted = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        GroupCommit commits = writer(100, () -> {
            firstIsCommitted.countDown();
            await(release);
        });
        ExecutorService pool = Executors.newCachedThreadPool();
        // The first command blocks the writer after its commit, so that the others form one batch.
        pool.submit(() -> commits.append(List.of(event(UUID.randomUUID(), 0))));
        firstIsCommitted.await();
        UUID repeated = UUID.randomUUID();
        List<UUID> streams = List.of(UUID.randomUUID(), repeated, UUID.randomUUID(), repeated, UUID.randomUUID());
        List<Future<GroupCommit.AppendResult>> outcomes = streams.stream()
                .map(stream -> pool.submit(() -> commits.append(List.of(event(stream, 0)))))
                .toList();
        release.countDown();
        List<GroupCommit.AppendResult> all = new ArrayList<>();
        for (Future<GroupCommit.AppendResult> outcome : outcomes) {
            all.add(outcome.get());
        }
        pool.shutdown();
        assertThat(all.get(0)).isEqualTo(GroupCommit.AppendResult.APPENDED);
        assertThat(all.get(2)).isEqualTo(GroupCommit.AppendResult.APPENDED);
        assertThat(all.get(4)).isEqualTo(GroupCommit.AppendResult.APPENDED);
        assertThat(List.of(all.get(1), all.get(3)))
                .containsExactlyInAnyOrder(GroupCommit.AppendResult.APPENDED, GroupCommit.AppendResult.CONFLICT);
        assertThat(log.head()).isEqualTo(5);
    }

    @Test
    void rejects_commands_at_once_when_the_queue_is_full() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch firstIsCommitted = new CountDownLatch(1);
        GroupCommit commits = writer(1, () -> {
            firstIsCommitted.countDown();
            await(release);
        });
        ExecutorService pool = Executors.newCachedThreadPool();
        pool.submit(() -> commits.append(List.of(event(UUID.randomUUID(), 0))));
        firstIsCommitted.await();
        // One command fits into the queue. The second is rejected.
        List<Future<?>> appends = List.of(
                pool.submit(() -> commits.append(List.of(event(UUID.randomUUID(), 0)))),
                pool.submit(() -> commits.append(List.of(event(UUID.randomUUID(), 0)))));
        org.awaitility.Awaitility.await().until(() -> appends.stream().anyMatch(Future::isDone));
        Future<?> rejected = appends.stream().filter(Future::isDone).findFirst().orElseThrow();
        assertThatThrownBy(rejected::get).hasCauseInstanceOf(LogUnavailableException.class);
        release.countDown();
        for (Future<?> other : appends) {
            if (other != rejected) {
                other.get();
            }
        }
        pool.shutdown();
        assertThat(log.head()).isEqualTo(2);
    }

    @Test
    void records_nothing_of_a_failed_batch() {
        GroupCommit commits = writer(10, () -> {});
        commits.append(List.of(event(UUID.randomUUID(), 0)));
        jdbc.sql("alter table event rename to event_away").update();
        assertThatThrownBy(() -> commits.append(List.of(event(UUID.randomUUID(), 0))))
                .isInstanceOf(LogUnavailableException.class);
        jdbc.sql("alter table event_away rename to event").update();
        assertThat(log.head()).isEqualTo(1);
        assertThat(commits.append(List.of(event(UUID.randomUUID(), 0)))).isEqualTo(GroupCommit.AppendResult.APPENDED);
        assertThat(log.after(0, 10)).extracting(StoredEvent::index).containsExactly(1L, 2L);
    }

    @Test
    void creates_partitions_before_they_are_needed() {
        jdbc.sql("select ensure_partitions(25000000)").query((row, number) -> 0).list();
        assertThat(jdbc.sql("select count(*) from pg_inherits where inhparent = 'event'::regclass")
                        .query(Integer.class)
                        .single())
                .isEqualTo(4);
        jdbc.sql("update log_head set last_index = 9999999").update();
        writer(10, () -> {}).append(List.of(event(UUID.randomUUID(), 0)));
        assertThat(log.after(0, 10)).extracting(StoredEvent::index).containsExactly(10_000_000L);
    }

    /** PostgreSQL uses a partial index only if the condition of the query has the same literals. */
    @Test
    void queries_of_few_event_types_use_partial_indexes() {
        fillWithSignatures();
        String petitionEvents = "using " + indexOfFirstPartition("event_petition");
        assertThat(planOf(EventLog.PETITION_EVENTS_AFTER, 0, 10)).contains(petitionEvents);
        assertThat(planOf(EventLog.ALERT_EVENTS, 1)).contains(petitionEvents);
        String confirmations = indexOfFirstPartition("event_confirmation");
        assertThat(planOf(EventLog.FIRST_CONFIRMATIONS, 1, 10)).contains("Index Scan using " + confirmations);
        assertThat(planOf(EventLog.LATEST_CONFIRMATIONS, 1, 10)).contains("Index Scan Backward using " + confirmations);
    }

    /** A burst comes long before PostgreSQL analyses the tables for the first time. */
    @Test
    void queries_of_streams_look_up_their_events_before_the_first_analyze() {
        String fill = """
                with filled as (
                    insert into event (global_index, stream, time, petition, sequence, type, data, mac)
                    select i, gen_random_uuid(), now(), 1, 0, ?, '{}', '' from generate_series(1, 20000) i
                    returning global_index, stream)
                insert into stream_event (stream, sequence, global_index, secret)
                select stream, 0, global_index, '\\x01' from filled""";
        jdbc.sql(fill).param(EventType.PETITION_SIGNED.code()).update();
        String streams = jdbc.sql("select array_agg(stream)::text from (select stream from event limit 50) as fifty")
                .query(String.class)
                .single();
        assertThat(planOf(EventLog.SEALED, streams)).doesNotContain("Seq Scan on event_0");
        assertThat(planOf(EventLog.STREAMS, streams)).doesNotContain("Seq Scan on event_0");
        assertThat(planOf(EventLog.STREAM, UUID.randomUUID(), 0)).doesNotContain("Seq Scan on event_0");
        assertThat(planOf(SigningRanges.SIGNINGS, 0, 2000, 1, 500))
                .contains("event_0_pkey")
                .doesNotContain("Seq Scan");
    }

    /** Fills the log with signatures, so that a scan of the whole log costs more than an index. */
    private void fillWithSignatures() {
        jdbc.sql("""
                        insert into event (global_index, stream, time, petition, sequence, type, data, mac)
                        select i, gen_random_uuid(), now(), 1, 0, ?, '{}', '' from generate_series(1, 20000) i""").param(EventType.PETITION_SIGNED.code()).update();
        jdbc.sql("analyze event").update();
    }

    private String indexOfFirstPartition(String index) {
        return jdbc.sql("select min(inhrelid::regclass::text) from pg_inherits where inhparent = cast(? as regclass)")
                .param(index)
                .query(String.class)
                .single();
    }

    private String planOf(String sql, Object... parameters) {
        return String.join(
                "\n",
                jdbc.sql("explain " + sql)
                        .params(parameters)
                        .query(String.class)
                        .list());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
