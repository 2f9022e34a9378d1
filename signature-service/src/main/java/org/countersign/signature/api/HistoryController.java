package org.countersign.signature.api;

import java.io.OutputStream;
import java.util.function.Consumer;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.audit.HistoryBound;
import org.countersign.signature.audit.HistoryWriter;
import org.countersign.signature.domain.InvalidFieldsException;
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

    private final HistoryWriter writer;
    private final Petitions petitions;

    HistoryController(HistoryWriter writer, Petitions petitions) {
        this.writer = writer;
        this.petitions = petitions;
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
        return answer(out -> writer.writePetition(slug, after, most, moment, out));
    }

    @GetMapping("/signatures/{id}/history")
    ResponseEntity<StreamingResponseBody> signature(@PathVariable String id) {
        Consumer<OutputStream> history = writer.signatureHistory(id);
        return answer(history::accept);
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
}
