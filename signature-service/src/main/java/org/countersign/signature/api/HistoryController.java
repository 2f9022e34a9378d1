package org.countersign.signature.api;

import java.io.OutputStream;
import java.util.function.Consumer;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.audit.HistoryBound;
import org.countersign.signature.audit.HistoryWriter;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.support.ndjson.NdjsonWriter;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Streams histories as NDJSON, one event per line, in constant memory. */
@RestController
@RequestMapping("/api")
class HistoryController {

    private final HistoryWriter writer;
    private final Petitions petitions;

    HistoryController(HistoryWriter writer, Petitions petitions) {
        this.writer = writer;
        this.petitions = petitions;
    }

    /**
     * Streams the history of a petition.
     *
     * @param from the index of the first event
     * @param limit the maximum number of events; no limit if absent
     * @param at where the history ends: an instant or the index of the last event; the end of the log if absent
     */
    @GetMapping("/petitions/{petition}/history")
    ResponseEntity<StreamingResponseBody> petition(
            @PathVariable String petition,
            @RequestParam(defaultValue = "0") String from,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String at) {
        PetitionSlug slug = petitions.get(petition).slug();
        long after = number("from", from) - 1;
        long maxEvents = limit == null ? Long.MAX_VALUE : number("limit", limit);
        HistoryBound bound = HistoryBound.parse("at", at);
        return stream(out -> writer.writePetition(slug, after, maxEvents, bound, out));
    }

    /** Streams the history of a signature. */
    @GetMapping("/signatures/{id}/history")
    ResponseEntity<StreamingResponseBody> signature(@PathVariable String id) {
        Consumer<OutputStream> history = writer.signatureHistory(id);
        return stream(history::accept);
    }

    private static ResponseEntity<StreamingResponseBody> stream(StreamingResponseBody body) {
        return ResponseEntity.ok().contentType(NdjsonWriter.MEDIA_TYPE).body(body);
    }

    private static long number(String field, String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw new InvalidFieldsException(field, "must be a whole number, 0 or more");
        }
        return Long.parseLong(text);
    }
}
