package org.countersign.counter.rebuild;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.countersign.counter.counting.Rebuild;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import tools.jackson.databind.json.JsonMapper;

/**
 * Has everything counted anew while the caller looks on, as NDJSON: lines with {@code reached} and {@code of} while it
 * goes on, then what changed, and {@code "is":"end"} in the last line, or {@code "is":"failed"} with the reason. If the
 * caller goes away, it is given up.
 */
@RestController
class RebuildController {

    private static final MediaType NDJSON = MediaType.parseMediaType("application/x-ndjson");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Rebuild rebuild;

    RebuildController(Rebuild rebuild) {
        this.rebuild = rebuild;
    }

    @PostMapping("/api/rebuild")
    ResponseEntity<StreamingResponseBody> rebuild() {
        return ResponseEntity.ok().contentType(NDJSON).body(out -> {
            try {
                Rebuild.Outcome outcome = rebuild.run(
                        (reached, of) -> write(out, Map.of("is", "progress", "reached", reached, "of", of)));
                outcome.differences().forEach(difference -> write(out, line(difference)));
                write(
                        out,
                        Map.of(
                                "is",
                                "end",
                                "upTo",
                                outcome.index(),
                                "differences",
                                outcome.differences().size()));
            } catch (Rebuild.CannotRebuildException e) {
                write(out, Map.of("is", "failed", "reason", e.getMessage()));
            }
        });
    }

    private static Map<String, Object> line(Rebuild.Difference difference) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("is", "changed");
        line.put("petition", difference.petition());
        line.put("what", difference.what());
        line.put("before", difference.shown());
        line.put("after", difference.counted());
        return line;
    }

    private static void write(OutputStream out, Map<String, Object> line) {
        try {
            out.write(JSON.writeValueAsBytes(line));
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
