package org.countersign.signature.audit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.PrefetchingReader;
import org.countersign.signature.eventlog.StoredEvent;
import org.springframework.stereotype.Component;

/** Writes histories as newline-delimited JSON, one event a line, in constant memory. */
@Component
public class HistoryWriter {

    private static final int PAGE_SIZE = 1000;

    private final EventLog log;
    private final SignatureHistory signatures;

    HistoryWriter(EventLog log, SignatureHistory signatures) {
        this.log = log;
        this.signatures = signatures;
    }

    /**
     * Writes the history of a petition and its signatures.
     *
     * @param petition the petition
     * @param after the index before the first event
     * @param limit the maximum number of events
     * @param bound bounds the history
     * @param out receives the lines
     */
    public void writePetition(PetitionSlug petition, long after, long limit, HistoryBound bound, OutputStream out) {
        AtomicLong remaining = new AtomicLong(limit);
        new PrefetchingReader<>(
                        after, PAGE_SIZE, (index, max) -> log.ofPetitionAfter(petition, index, max), event -> event)
                .forEachWhile(event -> {
                    if (remaining.get() == 0 || event.index() > bound.lastIndex()) {
                        return false;
                    }
                    if (!event.at().isAfter(bound.until())) {
                        write(event, out);
                        remaining.decrementAndGet();
                    }
                    return true;
                });
    }

    /**
     * Reads the history of a signature.
     *
     * @param id the signature's id as the caller gave it
     * @return writes the lines to a stream
     * @throws Rejection if there is no such signature
     */
    public Consumer<OutputStream> signatureHistory(String id) {
        List<StoredEvent> events = signatures.of(id);
        return out -> events.forEach(event -> write(event, out));
    }

    // Only letters, digits and hyphens occur outside the data, and the data is JSON. Nothing needs escaping.
    private static void write(StoredEvent event, OutputStream out) {
        String signature = event.signature().map(id -> "\"" + id + "\"").orElse("null");
        String line = ("{\"index\":%d,\"id\":\"%s\",\"type\":\"%s\",\"time\":\"%s\",\"petition\":\"%s\","
                        + "\"signature\":%s,\"data\":%s}\n")
                .formatted(
                        event.index(),
                        event.id(),
                        event.type().text(),
                        event.at(),
                        event.petition(),
                        signature,
                        event.json());
        try {
            out.write(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
