package org.countersign.signature.api;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.audit.HistoryBound;
import org.countersign.signature.audit.SignatureHistory;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.PrefetchingReader;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.support.ndjson.NdjsonWriter;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Streams histories as NDJSON, one event a line, in constant memory. */
@RestController
@RequestMapping("/api")
class HistoryController {

    private static final int PAGE = 1000;

    private final EventLog log;
    private final Petitions petitions;
    private final SignatureHistory signatures;

    HistoryController(EventLog log, Petitions petitions, SignatureHistory signatures) {
        this.log = log;
        this.petitions = petitions;
        this.signatures = signatures;
    }

    /**
     * A petition's history.
     *
     * @param from the first index wanted
     * @param limit at most so many events
     * @param at as it stood at that time: an instant, or the index of the last event
     */
    @GetMapping("/petitions/{petition}/history")
    ResponseEntity<StreamingResponseBody> petition(
            @PathVariable String petition,
            @RequestParam(defaultValue = "0") String from,
            @RequestParam(required = false) String limit,
            @RequestParam(required = false) String at) {
        PetitionSlug slug = petitions.get(petition).slug();
        long after = number("from", from) - 1;
        long most = limit == null ? Long.MAX_VALUE : number("limit", limit);
        HistoryBound moment = HistoryBound.parse("at", at);
        return answer(out -> write(slug, after, most, moment, out));
    }

    private void write(PetitionSlug petition, long after, long limit, HistoryBound moment, OutputStream out) {
        AtomicLong left = new AtomicLong(limit);
        new PrefetchingReader<>(
                        after, PAGE, (index, most) -> log.ofPetitionAfter(petition, index, most), event -> event)
                .forEachWhile(event -> {
                    if (left.get() == 0 || event.index() > moment.lastIndex()) {
                        return false;
                    }
                    if (!event.at().isAfter(moment.until())) {
                        write(event, out);
                        left.decrementAndGet();
                    }
                    return true;
                });
    }

    @GetMapping("/signatures/{id}/history")
    ResponseEntity<StreamingResponseBody> signature(@PathVariable String id) {
        List<StoredEvent> events = signatures.of(id);
        return answer(out -> events.forEach(event -> write(event, out)));
    }

    private static ResponseEntity<StreamingResponseBody> answer(StreamingResponseBody body) {
        return ResponseEntity.ok().contentType(NdjsonWriter.MEDIA_TYPE).body(body);
    }

    private static long number(String field, String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw new InvalidFieldsException(field, "must be a whole number, 0 or more");
        }
        return Long.parseLong(text);
    }

    // Every part but the data is made of letters, digits and hyphens, so nothing needs escaping; the data is JSON
    // already.
    private static void write(StoredEvent event, OutputStream out) {
        String signature = event.signature().map(id -> "\"" + id + "\"").orElse("null");
        String line =
                "{\"index\":%d,\"id\":\"%s\",\"type\":\"%s\",\"time\":\"%s\",\"petition\":\"%s\",\"signature\":%s,\"data\":%s}\n"
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
