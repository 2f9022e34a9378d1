package org.countersign.counter.counting;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.countersign.counter.live.CountBoard;
import org.countersign.counter.milestone.MilestonePublisher;
import org.countersign.events.CloudEvent;
import org.countersign.events.RecordedEvent;
import org.countersign.events.Topics;
import org.countersign.events.UnreadableEventException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Reads all events in log order and counts them. A batch's counts and the position after it are stored in one transaction;
 * on any failure everything in memory is dropped and begun anew from what is stored.
 */
@Component
class Counter implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Counter.class);
    private static final String GROUP = "counter-projection";
    private static final int LARGEST_BATCH = 20_000;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final KafkaProperties kafka;
    private final CountStore store;
    private final CountBoard board;
    private final MilestonePublisher milestones;
    private final CounterMetrics metrics;
    private volatile boolean running;
    private Thread thread;

    private LogOrder order;
    private Map<String, Tally> tallies;
    private long position;
    private boolean milestoneReached;
    private long lastLook;

    Counter(KafkaProperties kafka, CountStore store, CountBoard board, MilestonePublisher milestones, CounterMetrics metrics) {
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
            try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
                consumer.subscribe(List.of(Topics.PETITION_EVENTS, Topics.SIGNATURE_EVENTS), new Assignment(consumer));
                while (running) {
                    countNext(consumer);
                }
            } catch (RuntimeException e) {
                metrics.failed();
                LOG.warn("counting stopped and will begin again from what is stored: {}", e.toString());
                pause();
            }
        }
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>(kafka.buildConsumerProperties());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
        settings.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, List.of(OneCounterAssignor.class));
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return settings;
    }

    /** Where reading goes on when this instance becomes the one that counts. */
    private final class Assignment implements ConsumerRebalanceListener {

        private final Consumer<byte[], byte[]> consumer;

        private Assignment(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            position = store.position();
            tallies = store.tallies();
            order = new LogOrder(position, Counter.this::read, record -> noteUnreadable(record, "it has no index"));
            Map<TopicPartition, Long> stored = store.partitionPositions();
            consumer.assignment().forEach(partition -> consumer.seek(partition, stored.getOrDefault(partition, 0L)));
            if (!partitions.isEmpty()) {
                LOG.info("this instance counts, from index {} on", position + 1);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            order = null;
        }
    }

    private void countNext(Consumer<byte[], byte[]> consumer) {
        Iterable<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL);
        boolean nowAndThen = System.nanoTime() - lastLook > BETWEEN_LOOKS.toNanos();
        if (nowAndThen) {
            lastLook = System.nanoTime();
            metrics.connected(consumer);
        }
        if (order == null || consumer.assignment().isEmpty()) {
            return;
        }
        order.add(records);
        boolean counted = false;
        while (running && storeBatch()) {
            counted = true;
        }
        if (counted) {
            board.refresh();
        }
        if (milestoneReached || nowAndThen) {
            publishMilestones();
        }
        holdBackCrowded(consumer);
        metrics.behind(consumer, order.size());
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

    private boolean storeBatch() {
        Batch batch = new Batch(tallies);
        if (order.drain(LARGEST_BATCH, entry -> entry.event().ifPresentOrElse(batch::add, batch::skip)) == 0) {
            return false;
        }
        store.store(position, batch, order.takeMovedOffsets());
        position += batch.events();
        milestoneReached |= !batch.milestones().isEmpty();
        metrics.counted(batch.events());
        return true;
    }

    private Optional<RecordedEvent> read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(CloudEvent.read(name -> {
                Header header = record.headers().lastHeader(name);
                return header == null ? null : header.value();
            }, record.value()));
        } catch (UnreadableEventException e) {
            noteUnreadable(record, e.getMessage());
            return Optional.empty();
        }
    }

    private void noteUnreadable(ConsumerRecord<byte[], byte[]> record, String reason) {
        LOG.error("the record {}-{}@{} is no event: {}", record.topic(), record.partition(), record.offset(), reason);
        store.noteUnreadable(record.topic(), record.partition(), record.offset(), reason);
        metrics.unreadable();
    }

    private void holdBackCrowded(Consumer<byte[], byte[]> consumer) {
        Set<TopicPartition> crowded = order.crowded();
        crowded.retainAll(consumer.assignment());
        Set<TopicPartition> free = new java.util.HashSet<>(consumer.paused());
        free.removeAll(crowded);
        consumer.pause(crowded);
        consumer.resume(free);
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
