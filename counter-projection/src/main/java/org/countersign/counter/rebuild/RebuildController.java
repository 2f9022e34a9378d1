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
 * Rebuilds the counts. The response is NDJSON with progress, the changed counts and an end line. A client that
 * disconnects cancels the rebuild.
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
                Rebuild.RebuildResult outcome = rebuild.run(lines::progress);
                outcome.differences().forEach(difference -> lines.writeAndFlush("changed", line(difference)));
                lines.end(Map.of(
                        "upTo",
                        outcome.index(),
                        "differences",
                        outcome.differences().size()));
            } catch (Rebuild.CannotRebuildException e) {
                lines.failed(String.valueOf(e.getMessage()));
            }
        });
    }

    private static Map<String, Object> line(Rebuild.CountDifference difference) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("petition", difference.petition());
        line.put("what", difference.what());
        line.put("before", difference.shown());
        line.put("after", difference.counted());
        return line;
    }
}
