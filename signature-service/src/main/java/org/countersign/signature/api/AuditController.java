package org.countersign.signature.api;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.countersign.counting.Fold;
import org.countersign.counting.PetitionCounts;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.audit.HistoryBound;
import org.countersign.signature.audit.Reconciliation;
import org.countersign.signature.audit.Replay;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.support.ndjson.NdjsonWriter;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * Audits, as NDJSON: lines with {@code reached} and {@code of} while it goes on, then the findings, and
 * {@code "is":"end"} in the last line, or {@code "is":"failed"} with the reason. An answer without either was broken
 * off.
 */
@RestController
@RequestMapping("/api/audit")
class AuditController {

    private final Replay replay;
    private final Reconciliation reconciliation;
    private final Petitions petitions;

    AuditController(Replay replay, Reconciliation reconciliation, Petitions petitions) {
        this.replay = replay;
        this.reconciliation = reconciliation;
        this.petitions = petitions;
    }

    /** What writes an audit's lines. */
    @FunctionalInterface
    private interface Audit {
        void run(NdjsonWriter lines);
    }

    /**
     * The counts as a replay of the history makes them.
     *
     * @param from {@code store} or {@code kafka}
     * @param petition one petition; all if absent
     * @param at as they stood at that time: an instant, or the index of the last event
     */
    @GetMapping("/replay")
    ResponseEntity<StreamingResponseBody> replay(
            @RequestParam(defaultValue = "store") String from,
            @RequestParam(required = false) String petition,
            @RequestParam(required = false) String at) {
        Replay.ReplaySource source = source(from);
        Optional<PetitionSlug> slug =
                Optional.ofNullable(petition).map(petitions::get).map(Petition::slug);
        HistoryBound moment = HistoryBound.parse("at", at);
        return answer(lines -> {
            Replay.ReplayResult result =
                    replay.run(source, slug, moment, progress(lines, Math.min(replay.end(), moment.lastIndex())));
            for (Fold.Change change : result.fold().changes()) {
                lines.writeAndFlush("counts", line(change));
            }
            lines.end(Map.of("events", result.fold().events(), "upTo", result.upTo()));
        });
    }

    private static Map<String, Object> line(Fold.Change change) {
        PetitionCounts tally = change.tally();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("petition", change.petition());
        line.put("verified", tally.verified());
        line.put("pending", tally.pending());
        line.put("withdrawn", tally.withdrawn());
        line.put("goal", tally.milestones().goal());
        line.put("lastMilestone", tally.lastMilestone() == 0 ? null : tally.lastMilestone());
        line.put("asOfIndex", tally.asOfIndex());
        line.put("asOf", tally.asOf().toString());
        return line;
    }

    /** Every difference between event store, Kafka and counter. */
    @GetMapping("/reconcile")
    ResponseEntity<StreamingResponseBody> reconcile() {
        return answer(lines -> {
            Reconciliation.ReconciliationResult outcome = reconciliation.run(
                    difference -> lines.writeAndFlush("difference", line(difference)), progress(lines, replay.end()));
            lines.end(Map.of("events", outcome.events(), "differences", outcome.differences()));
        });
    }

    private static Map<String, Object> line(Reconciliation.Difference difference) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("index", difference.index().isPresent() ? difference.index().getAsLong() : null);
        line.put("where", difference.where());
        line.put("problem", difference.problem());
        return line;
    }

    private static Replay.ReplaySource source(String text) {
        try {
            return Replay.ReplaySource.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new InvalidFieldsException("from", "must be store or kafka");
        }
    }

    private static ResponseEntity<StreamingResponseBody> answer(Audit audit) {
        return ResponseEntity.ok().contentType(NdjsonWriter.MEDIA_TYPE).body(out -> {
            NdjsonWriter lines = new NdjsonWriter(out);
            try {
                audit.run(lines);
            } catch (Replay.BrokenHistoryException | Reconciliation.CannotCompareException e) {
                lines.failed(e.getMessage());
            }
        });
    }

    private static LongConsumer progress(NdjsonWriter lines, long of) {
        return reached -> lines.progress(reached, of);
    }
}
