package org.countersign.counter.counting;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.countersign.counter.live.CountsCache;
import org.countersign.counting.Fold;
import org.countersign.counting.PetitionCounts;
import org.countersign.events.CloudEvent;
import org.countersign.events.CountryCode;
import org.countersign.events.Event;
import org.countersign.events.EventJson;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.RecordMac;
import org.countersign.events.RecordedEvent;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignatureVerified;
import org.countersign.events.Topics;
import org.countersign.support.warmup.Rehearsal;
import org.countersign.support.warmup.RehearsalDatabase;
import org.countersign.support.warmup.RehearsalTime;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Rehearses counting: from records of Kafka to stored and shown counts, over a copy of the tables. */
@Component
class CountingRehearsal implements Rehearsal {

    private static final List<String> TABLES = List.of(
            "position",
            "partition_position",
            "petition_count",
            "country_count",
            "minute_count",
            "hour_count",
            "day_count",
            "milestone",
            "unreadable_record");
    private static final PetitionSlug PETITION = new PetitionSlug("warm-up");
    private static final CountryCode COUNTRY = new CountryCode("AM");
    private static final Sealed SEALED = new Sealed(new byte[100]);
    private static final TopicPartition PARTITION = new TopicPartition(Topics.SIGNATURE_EVENTS, 0);
    private static final int BATCH_SIZE = 200;

    private final DataSource dataSource;
    private final RecordMac mac;
    private final CountsCache cache;

    CountingRehearsal(DataSource dataSource, RecordMac mac, CountsCache cache) {
        this.dataSource = dataSource;
        this.mac = mac;
        this.cache = cache;
    }

    @Override
    public long rehearse(RehearsalTime time) throws SQLException {
        try (RehearsalDatabase database = RehearsalDatabase.open(dataSource, TABLES)) {
            database.execute("insert into position (global_index) values (0)");
            CountStore store = new CountStore(
                    new JdbcTemplate(database.dataSource()),
                    new TransactionTemplate(new DataSourceTransactionManager(database.dataSource())));
            CountsCache shown = cache.over(database.dataSource());
            Map<String, PetitionCounts> counts = new HashMap<>();
            EventReader reader = new EventReader(0, mac, (partition, offset, reason) -> {
                throw new IllegalStateException("A record of the warm-up is unreadable: " + reason);
            });
            CountStore.Position position = store.position();
            while (!time.isOver() && position.index() < ENOUGH) {
                Fold batch = new Fold(counts, position.publicPosition());
                reader.take(records(position.index()));
                reader.fold(Long.MAX_VALUE, batch);
                store.store(position, batch, reader.takeMovedOffsets());
                shown.refresh();
                position = position.plus(batch);
            }
            return position.index();
        }
    }

    /** The next events after an index: each signature is signed and confirmed. */
    private ConsumerRecords<byte[], byte[]> records(long after) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(BATCH_SIZE);
        Instant now = Instant.now();
        if (after == 0) {
            records.add(record(1, PETITION.value(), published(now)));
        }
        for (long index = after + records.size() + 1; records.size() < BATCH_SIZE; index += 2) {
            SignatureId id = new SignatureId(new UUID(1, index));
            PetitionSigned signed =
                    new PetitionSigned(id, PETITION, now, 1, COUNTRY, SignatureStatus.NONE, true, true, SEALED);
            records.add(record(index, id + ":0", signed));
            records.add(record(
                    index + 1,
                    id + ":1",
                    new SignatureVerified(id, PETITION, now, 1, COUNTRY, true, EventJson.hash(signed))));
        }
        return new ConsumerRecords<>(Map.of(PARTITION, records), Map.of());
    }

    private static PetitionPublished published(Instant now) {
        return new PetitionPublished(
                PETITION, now, "Warm-up", "Warm-up", List.of("Nobody"), 100, List.of(), "en", Optional.empty(), SEALED);
    }

    private ConsumerRecord<byte[], byte[]> record(long index, String id, Event event) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                PARTITION.topic(),
                PARTITION.partition(),
                index,
                CloudEvent.key(event).getBytes(StandardCharsets.UTF_8),
                EventJson.data(event));
        CloudEvent.headers(new RecordedEvent(index, id, Optional.empty(), event), mac)
                .forEach(record.headers()::add);
        return record;
    }
}
