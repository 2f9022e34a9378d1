package org.countersign.signature.relay;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.countersign.events.RecordMac;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.EventRecords;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.signature.recovery.KafkaTail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.stereotype.Component;

/**
 * Publishes events again that Kafka has lost. What is in its partition already is left out, so that each event is in
 * Kafka once and each partition stays in order. An interrupted run can be repeated.
 */
@Component
class RelayAgain {

    private static final Logger LOG = LoggerFactory.getLogger(RelayAgain.class);
    private static final int PAGE_SIZE = 5_000;

    private final EventLog log;
    private final KafkaProperties kafka;
    private final EventRecords records;
    private final RecordMac mac;

    RelayAgain(EventLog log, KafkaProperties kafka, EventRecords records, RecordMac mac) {
        this.log = log;
        this.kafka = kafka;
        this.records = records;
        this.mac = mac;
    }

    /**
     * Publishes what Kafka lacks.
     *
     * @param from the index of the first event to look at
     */
    void publish(KafkaPublisher publisher, long from) {
        KafkaTail tail = KafkaTail.read(kafka, mac);
        long published = 0;
        long last = from - 1;
        for (List<StoredEvent> page = log.after(last, PAGE_SIZE); !page.isEmpty(); page = log.after(last, PAGE_SIZE)) {
            List<ProducerRecord<byte[], byte[]>> missing = page.stream()
                    .filter(event -> !isIn(tail, event))
                    .map(records::of)
                    .toList();
            last = page.get(page.size() - 1).index();
            publisher.begin();
            publisher.send(missing);
            publisher.commit(last);
            published += missing.size();
        }
        LOG.info("Published {} events again, from index {} to {}", published, from, last);
    }

    private boolean isIn(KafkaTail tail, StoredEvent event) {
        ProducerRecord<byte[], byte[]> record = records.of(event);
        return tail.reaches(record.topic(), record.key(), event.index());
    }
}
