package org.countersign.counter.counting;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.countersign.counter.live.CountsCache;
import org.countersign.counter.milestone.MilestonePublisher;
import org.countersign.counting.Fold;
import org.countersign.counting.PetitionCounts;
import org.countersign.counting.order.PipelineStage;
import org.countersign.events.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Reads all events in log order and counts them. A batch's counts and the position after it are stored in one
 * transaction; on any failure everything in memory is dropped and begun anew from what is stored.
 */
@Component
class Counter implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Counter.class);
    private static final String GROUP = "counter-projection";
    private static final int LARGEST_BATCH = 20_000;
    /** A transaction costs PostgreSQL the same for few events as for many; it is also how soon anybody sees them. */
    private static final Duration BETWEEN_BATCHES = Duration.ofMillis(50);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final KafkaProperties kafka;
    private final CountStore store;
    private final CountsCache board;
    private final MilestonePublisher milestones;
    private final CounterMetrics metrics;
    private volatile boolean running;
    private Thread thread;

    private EventReader intake;
    private Map<String, PetitionCounts> tallies;
    private Fold batch;
    private CountStore.Position position;
    private boolean milestoneReached;
    private long lastLook;
    private long lastStore;

    Counter(
            KafkaProperties kafka,
            CountStore store,
            CountsCache board,
            MilestonePublisher milestones,
            CounterMetrics metrics) {
        this.kafka = kafka;
        this.store = store;
        this.board = board;
        this.milestones = milestones;
        this.metrics = metrics;
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
                consumer.subscribe(
                        List.of(Topics.PETITION_EVENTS, Topics.SIGNATURE_EVENTS), new Assignment(consumer, counting));
                while (running) {
                    try {
                        countNext(consumer, counting);
                    } catch (CountStore.OthersCountedException e) {
                        LOG.info("counting goes on from what is stored now: {}", e.getMessage());
                        begin(consumer);
                    }
                }
            } catch (RuntimeException e) {
                metrics.failed();
                LOG.warn("counting stopped and will begin again from what is stored: {}", e.toString());
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

    /** Where reading goes on when this instance becomes the one that counts. */
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
                LOG.info("this instance counts, from index {} on", position.index() + 1);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            counting.awaitCompletion();
            intake = null;
        }
    }

    private void begin(Consumer<byte[], byte[]> consumer) {
        position = store.position();
        tallies = store.tallies();
        batch = new Fold(tallies);
        intake = new EventReader(position.index(), this::noteUnreadable);
        Map<TopicPartition, Long> stored = store.partitionPositions();
        consumer.assignment().forEach(partition -> consumer.seek(partition, stored.getOrDefault(partition, 0L)));
    }

    private void countNext(Consumer<byte[], byte[]> consumer, PipelineStage counting) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(BETWEEN_BATCHES);
        counting.awaitCompletion();
        boolean nowAndThen = System.nanoTime() - lastLook > BETWEEN_LOOKS.toNanos();
        if (nowAndThen) {
            lastLook = System.nanoTime();
            metrics.connected(consumer);
        }
        if (intake == null || consumer.assignment().isEmpty()) {
            return;
        }
        intake.holdBackCrowded(consumer);
        metrics.behind(consumer, intake.waiting() + batch.events());
        counting.submit(() -> count(records, nowAndThen));
    }

    private void count(ConsumerRecords<byte[], byte[]> records, boolean lookForMilestones) {
        intake.take(records);
        intake.fold(Long.MAX_VALUE, batch);
        if (batch.events() >= LARGEST_BATCH
                || batch.events() > 0 && System.nanoTime() - lastStore > BETWEEN_BATCHES.toNanos()) {
            storeBatch();
            board.refresh();
        }
        if (milestoneReached || lookForMilestones) {
            publishMilestones();
        }
    }

    /** Counting goes on when a milestone can't be published: it stays in the outbox and is tried again. */
    private void publishMilestones() {
        try {
            milestones.publishAll();
            milestoneReached = false;
        } catch (IllegalStateException e) {
            metrics.failed();
            LOG.warn("milestones wait to be published: {}", e.toString());
        }
    }

    private void storeBatch() {
        lastStore = System.nanoTime();
        store.store(position, batch, intake.takeMovedOffsets());
        position = position.plus(batch.events());
        milestoneReached |= !batch.milestones().isEmpty();
        metrics.counted(batch.events());
        batch = new Fold(tallies);
    }

    private void noteUnreadable(ConsumerRecord<byte[], byte[]> record, String reason) {
        LOG.error("the record {}-{}@{} is no event: {}", record.topic(), record.partition(), record.offset(), reason);
        store.noteUnreadable(record.topic(), record.partition(), record.offset(), reason);
        metrics.unreadable();
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_AFTER_FAILURE.toMillis());
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
