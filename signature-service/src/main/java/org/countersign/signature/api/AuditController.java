package org.countersign.signature.api;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
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
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * Audits, as NDJSON.
 *
 * <p>Progress lines have {@code reached} and {@code of}. The findings follow. The last line has {@code "is":"end"}, or
 * {@code "is":"failed"} with the reason. A response without such a line is incomplete.
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

    /**
     * Streams the counts that a replay of the history produces.
     *
     * @param from {@code store} or {@code kafka}
     * @param petition the slug of the only petition to replay; all petitions if absent
     * @param at where the replay ends: an instant or the index of the last event; the end of the log if absent
     */
    @GetMapping("/replay")
    ResponseEntity<StreamingResponseBody> replay(
            @RequestParam(defaultValue = "store") String from,
            @RequestParam(required = false) @Nullable String petition,
            @RequestParam(required = false) @Nullable String at) {
        Replay.ReplaySource source = source(from);
        Optional<PetitionSlug> slug =
                Optional.ofNullable(petition).map(petitions::get).map(Petition::slug);
        HistoryBound bound = HistoryBound.parse("at", at);
        return stream(lines -> {
            Replay.ReplayResult result = replay.run(
                    source,
                    slug,
                    bound,
                    progress(lines, Math.min(replay.end(), bound.lastIndex())),
                    (index, problem) -> lines.writeAndFlush("problem", line(index, problem)));
            for (Fold.PetitionDelta change : result.fold().changes()) {
                lines.writeAndFlush("counts", line(change));
            }
            lines.end(Map.of("events", result.fold().events(), "upTo", result.upTo(), "problems", result.problems()));
        });
    }

    private static Map<String, Object> line(Fold.PetitionDelta change) {
        PetitionCounts counts = change.counts();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("petition", change.petition());
        line.put("verified", counts.verified());
        line.put("pending", counts.pending());
        line.put("withdrawn", counts.withdrawn());
        line.put("goal", counts.milestones().goal());
        line.put("lastMilestone", counts.lastMilestone() == 0 ? null : counts.lastMilestone());
        line.put("asOfIndex", counts.asOfIndex());
        line.put("asOf", counts.asOf().toString());
        return line;
    }

    private static Map<String, Object> line(OptionalLong index, String problem) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("index", index.isPresent() ? index.getAsLong() : null);
        line.put("problem", problem);
        return line;
    }

    /** Streams every difference between the event store, Kafka and the counter. */
    @GetMapping("/reconcile")
    ResponseEntity<StreamingResponseBody> reconcile() {
        return stream(lines -> {
            Reconciliation.ReconciliationResult outcome = reconciliation.run(
                    difference -> lines.writeAndFlush("difference", line(difference)), progress(lines, replay.end()));
            lines.end(Map.of("events", outcome.events(), "differences", outcome.differences()));
        });
    }

    private static Map<String, Object> line(Reconciliation.ReconciliationDifference difference) {
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

    private static ResponseEntity<StreamingResponseBody> stream(Consumer<NdjsonWriter> audit) {
        return ResponseEntity.ok().contentType(NdjsonWriter.MEDIA_TYPE).body(out -> {
            NdjsonWriter lines = new NdjsonWriter(out);
            try {
                audit.accept(lines);
            } catch (Replay.BrokenHistoryException | Reconciliation.CannotCompareException e) {
                lines.failed(Objects.requireNonNullElse(e.getMessage(), e.toString()));
            }
        });
    }

    private static LongConsumer progress(NdjsonWriter lines, long of) {
        return reached -> lines.progress(reached, of);
    }
}
