package org.countersign.signature.export;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.countersign.counting.Fold;
import org.countersign.counting.PetitionCounts;
import org.countersign.events.CountryCode;
import org.countersign.signature.audit.HistoryBound;
import org.countersign.signature.audit.Replay;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.publiclog.PetitionTexts;
import org.countersign.signature.publiclog.TreeStore;
import org.countersign.signature.rendering.HtmlPrinter;
import org.countersign.signature.rendering.StatementRenderer;
import org.countersign.transparency.LogKey;
import org.springframework.stereotype.Component;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/**
 * The hand-over document of a petition as a PDF, without personal data. It contains the statement, recipients, count,
 * countries and milestones. The signed head of the public log lets readers verify the numbers.
 */
@Component
public class HandoverDocument {

    private static final Locale LANGUAGE = Locale.ENGLISH;

    /** The verified count of a country. */
    record CountryTotal(String country, long verified) {}

    /** A reached milestone and the position of its entry in the public log. */
    record LoggedMilestone(long threshold, Instant at, long entry) {}

    private final Replay replay;
    private final TreeStore log;
    private final LogKey key;
    private final StatementRenderer statement;
    private final ITemplateEngine templates;
    private final HtmlPrinter printer;

    HandoverDocument(
            Replay replay,
            TreeStore log,
            LogKey key,
            StatementRenderer statement,
            ITemplateEngine templates,
            HtmlPrinter printer) {
        this.replay = replay;
        this.log = log;
        this.key = key;
        this.statement = statement;
        this.templates = templates;
        this.printer = printer;
    }

    /**
     * Renders the document. Its numbers are those of the newest signed head.
     *
     * @throws Rejection if the petition is not in the public log yet
     */
    public byte[] of(Petition petition) {
        TreeStore.StoredHead head = log.newestHead().orElseThrow(() -> new Rejection(Rejection.Reason.NOT_LOGGED_YET));
        HistoryBound bound = new HistoryBound(head.event(), HistoryBound.NOW.until());
        Fold fold = replay.run(Replay.ReplaySource.STORE, Optional.of(petition.slug()), bound, index -> {})
                .fold();
        PetitionCounts counts = fold.changes().stream()
                .map(Fold.PetitionDelta::counts)
                .findAny()
                .orElseThrow(() -> new Rejection(Rejection.Reason.NOT_LOGGED_YET));
        Context context = new Context(LANGUAGE);
        context.setVariable("petition", petition);
        context.setVariable("statement", statement.html(petition.statement()));
        context.setVariable("counts", counts);
        context.setVariable("countries", countries(fold));
        context.setVariable("milestones", milestones(fold));
        context.setVariable("fingerprint", PetitionTexts.of(petition).fingerprint());
        context.setVariable("head", head.note().toString());
        context.setVariable("entries", head.size());
        context.setVariable("key", key.toString());
        context.setVariable("utc", ZoneOffset.UTC);
        return printer.pdf(templates.process("handover", context));
    }

    private List<LoggedMilestone> milestones(Fold fold) {
        return fold.milestones().stream()
                .map(reached -> new LoggedMilestone(
                        reached.threshold(),
                        reached.at(),
                        log.milestonePosition(reached.reachedBy(), reached.threshold())
                                .orElseThrow(() -> new Rejection(Rejection.Reason.NOT_LOGGED_YET))))
                .toList();
    }

    private static List<CountryTotal> countries(Fold fold) {
        return fold.changes().stream()
                .flatMap(change -> change.countries().entrySet().stream())
                .filter(entry -> entry.getValue() > 0)
                .map(entry -> new CountryTotal(new CountryCode(entry.getKey()).name(LANGUAGE), entry.getValue()))
                .sorted(Comparator.comparingLong(CountryTotal::verified)
                        .reversed()
                        .thenComparing(CountryTotal::country))
                .toList();
    }
}
