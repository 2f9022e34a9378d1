package org.countersign.counter.counting;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.countersign.counter.live.CountsCache;
import org.countersign.counter.milestone.MilestonePublisher;
import org.countersign.counter.milestone.TopicIdentities;
import org.countersign.counting.Fold;
import org.countersign.counting.PetitionCounts;
import org.countersign.counting.order.PipelineStage;
import org.countersign.events.RecordMac;
import org.countersign.events.Topics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Reads all events in log order and counts them. One transaction stores the counts of a batch and the position. After a
 * failure the counter continues from the stored state.
 */
@Component
class Counter implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Counter.class);
    private static final List<String> TOPICS = List.of(Topics.PETITION_EVENTS, Topics.SIGNATURE_EVENTS);
    private static final String GROUP = "counter-projection";
    private static final int MAX_BATCH_SIZE = 20_000;
    /**
     * The cost of a transaction does not depend on the number of events. The interval is also the delay of shown
     * counts.
     */
    private static final Duration BATCH_INTERVAL = Duration.ofMillis(50);

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

    private final KafkaProperties kafka;
    private final CountStore store;
    private final CountsCache cache;
    private final MilestonePublisher milestones;
    private final TopicIdentities topics;
    private final CounterMetrics metrics;
    private final RecordMac mac;
    private volatile boolean running;
    private Thread thread;

    private @Nullable EventReader reader;
    private Map<String, PetitionCounts> counts;
    private Fold batch;
    private CountStore.Position position;
    private boolean milestoneReached;
    private long lastCheck;
    private long lastStore;

    // begin() sets the state before the first batch.
    @SuppressWarnings("NullAway.Init")
    Counter(
            KafkaProperties kafka,
            CountStore store,
            CountsCache cache,
            MilestonePublisher milestones,
            TopicIdentities topics,
            CounterMetrics metrics,
            RecordMac mac) {
        this.kafka = kafka;
        this.store = store;
        this.cache = cache;
        this.milestones = milestones;
        this.topics = topics;
        this.metrics = metrics;
        this.mac = mac;
    }

    @Override
    public void start() {
        running = true;
        thread = new Thread(this::run, "counter");
        thread.start();
    }

    private void run() {
        while (running) {
            try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings());
                    PipelineStage counting = new PipelineStage("counting")) {
                consumer.subscribe(TOPICS, new Assignment(consumer, counting));
                while (running) {
                    try {
                        countNext(consumer, counting);
                    } catch (CountStore.PositionChangedException e) {
                        LOG.info("Counting continues from the stored state: {}", e.getMessage());
                        begin(consumer);
                    }
                }
            } catch (RuntimeException | Error e) {
                metrics.recordFailure();
                LOG.warn("Counting failed and restarts from the stored state: {}", e.toString());
                pause();
            }
        }
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = EventReader.consumerSettings(kafka);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
        settings.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, List.of(SingleConsumerAssignor.class));
        return settings;
    }

    /** Sets the start offsets when this instance becomes the counting one. */
    private final class Assignment implements ConsumerRebalanceListener {

        private final Consumer<byte[], byte[]> consumer;
        private final PipelineStage counting;

        private Assignment(Consumer<byte[], byte[]> consumer, PipelineStage counting) {
            this.consumer = consumer;
            this.counting = counting;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            counting.awaitCompletion();
            begin(consumer);
            if (!partitions.isEmpty()) {
                LOG.info("This instance counts from index {}", position.index() + 1);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            counting.awaitCompletion();
            reader = null;
        }
    }

    private void begin(Consumer<byte[], byte[]> consumer) {
        if (!consumer.assignment().isEmpty()) {
            topics.check(TOPICS, "delete from partition_position where topic = ?");
            milestones.recheckTopic();
        }
        position = store.position();
        counts = store.counts();
        batch = new Fold(counts, position.publicPosition());
        reader = new EventReader(position.index(), mac, this::recordUnreadable);
        Map<TopicPartition, Long> stored = store.partitionPositions();
        consumer.assignment().forEach(partition -> consumer.seek(partition, stored.getOrDefault(partition, 0L)));
    }

    private void countNext(Consumer<byte[], byte[]> consumer, PipelineStage counting) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(BATCH_INTERVAL);
        counting.awaitCompletion();
        boolean checkDue = System.nanoTime() - lastCheck > CHECK_INTERVAL.toNanos();
        if (checkDue) {
            lastCheck = System.nanoTime();
            metrics.connected(consumer);
        }
        EventReader current = reader;
        if (current == null || consumer.assignment().isEmpty()) {
            return;
        }
        current.pauseFullPartitions(consumer);
        metrics.behind(consumer, current.waiting() + batch.events());
        counting.submit(() -> count(current, records, checkDue));
    }

    private void count(EventReader reader, ConsumerRecords<byte[], byte[]> records, boolean checkMilestones) {
        reader.take(records);
        reader.fold(Long.MAX_VALUE, batch);
        if (batch.events() >= MAX_BATCH_SIZE
                || batch.events() > 0 && System.nanoTime() - lastStore > BATCH_INTERVAL.toNanos()) {
            storeBatch(reader);
            cache.refresh();
        }
        if (milestoneReached || checkMilestones) {
            publishMilestones();
        }
    }

    /** Publishes milestones. If Kafka fails, they stay in the outbox and counting continues. */
    private void publishMilestones() {
        try {
            milestones.publishAll();
            milestoneReached = false;
        } catch (IllegalStateException e) {
            metrics.recordFailure();
            LOG.warn("Cannot publish milestones; retrying: {}", e.toString());
        }
    }

    private void storeBatch(EventReader reader) {
        lastStore = System.nanoTime();
        store.store(position, batch, reader.takeMovedOffsets());
        position = position.plus(batch);
        milestoneReached |= !batch.publicMilestones().isEmpty();
        metrics.counted(batch.events());
        batch = new Fold(counts, position.publicPosition());
    }

    private void recordUnreadable(TopicPartition partition, long offset, String reason) {
        LOG.error("Unreadable record {}@{}: {}", partition, offset, reason);
        store.recordUnreadable(partition.topic(), partition.partition(), offset, reason);
        metrics.unreadable();
    }

    private void pause() {
        try {
            Thread.sleep(RETRY_INTERVAL.toMillis());
        } catch (InterruptedException e) {
            running = false;
        }
    }

    @Override
    public void stop() {
        running = false;
        try {
            thread.join(Duration.ofSeconds(20).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
