package org.countersign.notifier.planning;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.countersign.events.CloudEvent;
import org.countersign.events.CountryCode;
import org.countersign.events.EventJson;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.RecordMac;
import org.countersign.events.RecordedEvent;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.events.Topics;
import org.countersign.support.warmup.Rehearsal;
import org.countersign.support.warmup.RehearsalTime;
import org.springframework.stereotype.Component;

/** Rehearses the reading of records: their MAC, their JSON and the delivery that follows. */
@Component
class PlanningRehearsal implements Rehearsal {

    private static final PetitionSlug PETITION = new PetitionSlug("warm-up");

    private final RecordMac mac;

    PlanningRehearsal(RecordMac mac) {
        this.mac = mac;
    }

    @Override
    public long rehearse(RehearsalTime time) {
        long index = 0;
        while (!time.isOver() && index < ENOUGH) {
            RecordedEvent read = EventConsumer.read(record(++index), mac);
            if (Planner.mailToSigner(read, (PetitionSigned) read.event()).isEmpty()) {
                throw new IllegalStateException("No delivery follows from a record of the warm-up");
            }
        }
        return index;
    }

    private ConsumerRecord<byte[], byte[]> record(long index) {
        PetitionSigned signed = new PetitionSigned(
                new SignatureId(new UUID(1, index)),
                PETITION,
                Instant.now(),
                1,
                new CountryCode("AM"),
                SignatureStatus.NONE,
                true,
                true,
                new Sealed(new byte[100]));
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                Topics.SIGNATURE_EVENTS,
                0,
                index,
                CloudEvent.key(signed).getBytes(StandardCharsets.UTF_8),
                EventJson.data(signed));
        CloudEvent.headers(new RecordedEvent(index, signed.signature() + ":0", Optional.empty(), signed), mac)
                .forEach(record.headers()::add);
        return record;
    }
}
