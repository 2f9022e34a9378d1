package org.countersign.signature.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.countersign.signature.recovery.CannotRecoverException;
import org.countersign.signature.recovery.Recovery;
import org.countersign.signature.recovery.Republication;
import org.countersign.support.ndjson.NdjsonWriter;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * Recovery after a restore of the database or a loss of Kafka, as NDJSON.
 *
 * <p>The last line has {@code "is":"end"}, or {@code "is":"failed"} with the reason and the next step.
 */
@RestController
@RequestMapping("/api/recovery")
class RecoveryController {

    private final Recovery recovery;
    private final Republication republication;

    RecoveryController(Recovery recovery, Republication republication) {
        this.recovery = recovery;
        this.republication = republication;
    }

    /** Brings a restored event log forward from Kafka and streams each recovered event. */
    @PostMapping("/log")
    ResponseEntity<StreamingResponseBody> recoverLog() {
        return stream(lines -> {
            Recovery.RecoveryResult result = recovery.run(new Recovery.RecoveryObserver() {
                @Override
                public void reached(long index, long of) {
                    lines.progress(index, of);
                }

                @Override
                public void recovered(Recovery.RecoveredEvent event) {
                    lines.write("recovered", line(event));
                }
            });
            lines.end(Map.of(
                    "events", result.events(),
                    "head", result.head(),
                    "withoutData", result.withoutData(),
                    "destroyedSecrets", result.destroyedSecrets(),
                    "publicLog", result.publicLog()));
        });
    }

    private static Map<String, @Nullable Object> line(Recovery.RecoveredEvent event) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("index", event.index());
        line.put("type", event.type());
        line.put("petition", event.petition());
        line.put("signature", event.signature().orElse(null));
        line.put("time", event.at().toString());
        return line;
    }

    /**
     * Publishes events again that Kafka has lost.
     *
     * @param from the index of the first event
     */
    @PostMapping("/relay")
    ResponseEntity<StreamingResponseBody> publishAgain(@RequestParam long from) {
        return stream(lines -> lines.end(
                Map.of("from", from, "upTo", republication.run(from, reached -> lines.progress(reached, 0)))));
    }

    private static ResponseEntity<StreamingResponseBody> stream(Consumer<NdjsonWriter> operation) {
        return ResponseEntity.ok().contentType(NdjsonWriter.MEDIA_TYPE).body(out -> {
            NdjsonWriter lines = new NdjsonWriter(out);
            try {
                operation.accept(lines);
            } catch (CannotRecoverException e) {
                lines.failed(Objects.requireNonNullElse(e.getMessage(), e.toString()));
            }
        });
    }
}
