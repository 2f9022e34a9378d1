package org.countersign.signature.relay;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.EventRecords;
import org.countersign.signature.eventlog.LeaderElectedTask;
import org.countersign.signature.eventlog.LogGate;
import org.countersign.signature.eventlog.PrefetchingReader;
import org.countersign.signature.eventlog.ReaderPositions;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.signature.eventlog.UnauthenticEvents;
import org.countersign.signature.recovery.LogContinuity;
import org.countersign.signature.recovery.Republication;
import org.countersign.support.lock.AdvisoryLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Follows the log and publishes every event to Kafka. If two instances believe to be the leader, Kafka fences the older
 * one, because both use the same transactional id.
 */
@Component("logRelay")
class Relay extends LeaderElectedTask {

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    private static final String READER = "relay";
    private static final long LOCK = 0x636f_756e_7465_7201L;
    private static final int PAGE_SIZE = 5_000;
    /** The time of a commit does not depend on the number of events. Sent events wait at Kafka. */
    private static final int MAX_TRANSACTION_SIZE = 100_000;

    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
    /** A transaction costs Kafka the same for any number of events. */
    private static final Duration BATCH_INTERVAL = Duration.ofMillis(100);

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);

    private final EventLog log;
    private final ReaderPositions positions;
    private final RelayMetrics metrics;
    private final KafkaPublisher.PublisherFactory publishers;
    private final EventRecords records;
    private final UnauthenticEvents unauthentic;
    private final LogGate gate;
    private final LogContinuity continuity;
    private final Republication republication;
    private final RelayAgain again;
    private final Clock clock;
    private final Semaphore appended = new Semaphore(0);

    Relay(
            EventLog log,
            ReaderPositions positions,
            DataSource dataSource,
            RelayMetrics metrics,
            KafkaPublisher.PublisherFactory publishers,
            EventRecords records,
            UnauthenticEvents unauthentic,
            LogGate gate,
            LogContinuity continuity,
            Republication republication,
            RelayAgain again,
            Clock clock) {
        super("relay", dataSource, LOCK);
        this.log = log;
        this.positions = positions;
        this.metrics = metrics;
        this.publishers = publishers;
        this.records = records;
        this.unauthentic = unauthentic;
        this.gate = gate;
        this.continuity = continuity;
        this.republication = republication;
        this.again = again;
        this.clock = clock;
        log.onAppended(appended::release);
    }

    @Override
    protected void lead(AdvisoryLock lock) throws SQLException, InterruptedException {
        try (KafkaPublisher publisher = publishers.open()) {
            // The publisher has fenced all earlier ones, so nothing changes in Kafka meanwhile.
            if (!gate.compare()) {
                metrics.working();
                return;
            }
            OptionalLong requested = republication.requested();
            if (requested.isPresent()) {
                again.publish(publisher, requested.getAsLong());
                republication.done();
                positions.advance(READER, publisher.position());
                return;
            }
            if (continuity.firstMissing().isPresent()) {
                metrics.working();
                return;
            }
            long position = Math.max(positions.of(READER), publisher.position());
            LOG.info("The relay publishes from index {}", position + 1);
            metrics.working();
            long lastCheck = System.nanoTime();
            boolean interrupted = false;
            PrefetchingReader<ProducerRecord<byte[], byte[]>> pages =
                    new PrefetchingReader<>(position, PAGE_SIZE, log::follow, this::record);
            while (isRunning() && gate.isOpen() && !interrupted) {
                appended.drainPermits();
                PrefetchingReader.EventPage<ProducerRecord<byte[], byte[]>> page = pages.next();
                if (page.items().isEmpty()) {
                    metrics.caughtUp();
                    awaitAppend();
                } else {
                    metrics.behind(
                            page.full() ? log.head() - position : page.items().size(),
                            Duration.between(page.firstAt(), clock.instant()));
                    long start = System.nanoTime();
                    boolean more = publish(publisher, page, pages);
                    metrics.published(pages.last() - position);
                    position = pages.last();
                    if (!more) {
                        TimeUnit.NANOSECONDS.sleep(BATCH_INTERVAL.toNanos() - (System.nanoTime() - start));
                    }
                }
                if (System.nanoTime() - lastCheck > CHECK_INTERVAL.toNanos()) {
                    lastCheck = System.nanoTime();
                    positions.advance(READER, position);
                    publisher.check();
                    lock.check();
                    // A lower position means that Kafka has lost its data. The next leader compares.
                    interrupted = publisher.position() < position
                            || republication.requested().isPresent();
                }
            }
            positions.advance(READER, position);
        }
    }

    private ProducerRecord<byte[], byte[]> record(StoredEvent event) {
        if (!event.authentic()) {
            unauthentic.note(event);
        }
        return records.of(event);
    }

    /**
     * Publishes a page in one transaction, and the following pages if the relay is far behind. Returns whether more are
     * available.
     */
    private static boolean publish(
            KafkaPublisher publisher,
            PrefetchingReader.EventPage<ProducerRecord<byte[], byte[]>> first,
            PrefetchingReader<ProducerRecord<byte[], byte[]>> pages) {
        publisher.begin();
        publisher.send(first.items());
        PrefetchingReader.EventPage<ProducerRecord<byte[], byte[]>> page = first;
        for (int sent = PAGE_SIZE; page.full() && sent < MAX_TRANSACTION_SIZE; sent += PAGE_SIZE) {
            page = pages.next();
            publisher.send(page.items());
        }
        publisher.commit(pages.last());
        return page.full();
    }

    private void awaitAppend() throws InterruptedException {
        // Appends of other instances send no signal, so poll as well.
        if (appended.tryAcquire(POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
            appended.drainPermits();
        }
    }

    @Override
    protected void onFailure() {
        metrics.recordFailure();
    }

    /** The leader reports lag and failures. */
    @Override
    protected void onStandby() {
        metrics.working();
        metrics.caughtUp();
    }

    /** A transaction in progress is not interrupted. */
    @Override
    protected void wake() {
        appended.release();
    }
}
