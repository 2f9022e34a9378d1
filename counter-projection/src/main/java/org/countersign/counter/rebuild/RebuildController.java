package org.countersign.counter.rebuild;

import java.util.LinkedHashMap;
import java.util.Map;
import org.countersign.counter.counting.Rebuild;
import org.countersign.support.ndjson.NdjsonWriter;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * Has everything counted anew while the caller looks on, as NDJSON: lines with {@code reached} and {@code of} while it
 * goes on, then what changed, and {@code "is":"end"} in the last line, or {@code "is":"failed"} with the reason. If the
 * caller goes away, it is given up.
 */
@RestController
class RebuildController {

    private final Rebuild rebuild;

    RebuildController(Rebuild rebuild) {
        this.rebuild = rebuild;
    }

    @PostMapping("/api/rebuild")
    ResponseEntity<StreamingResponseBody> rebuild() {
        return ResponseEntity.ok().contentType(NdjsonWriter.MEDIA_TYPE).body(out -> {
            NdjsonWriter lines = new NdjsonWriter(out);
            try {
                Rebuild.Outcome outcome = rebuild.run(lines::progress);
                outcome.differences().forEach(difference -> lines.writeAndFlush("changed", line(difference)));
                lines.end(Map.of(
                        "upTo",
                        outcome.index(),
                        "differences",
                        outcome.differences().size()));
            } catch (Rebuild.CannotRebuildException e) {
                lines.failed(e.getMessage());
            }
        });
    }

    private static Map<String, Object> line(Rebuild.Difference difference) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("petition", difference.petition());
        line.put("what", difference.what());
        line.put("before", difference.shown());
        line.put("after", difference.counted());
        return line;
    }
}
