package org.countersign.signature.export;

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
import org.countersign.signature.publiclog.TreeStore;
import org.countersign.signature.rendering.HtmlPrinter;
import org.countersign.signature.rendering.StatementRenderer;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.SignedNote;
import org.springframework.stereotype.Component;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/**
 * What is handed over with a petition, as a PDF: what it asks of whom, how many have signed, from where, when
 * milestones were reached, and the signed head of the public log by whose entries anybody can check the numbers. There
 * is nothing personal in it.
 */
@Component
public class HandoverDocument {

    private static final Locale LANGUAGE = Locale.ENGLISH;

    /** How many of a country count. */
    record FromCountry(String country, long verified) {}

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
     * The document; its numbers are those after the last event under the log's newest head.
     *
     * @throws Rejection if the petition is not under it yet
     */
    public byte[] of(Petition petition) {
        Optional<SignedNote> head = log.newest();
        HistoryBound moment = head.map(
                        note -> new HistoryBound(Checkpoint.parse(note.text()).size(), HistoryBound.NOW.until()))
                .orElse(HistoryBound.NOW);
        Fold fold = replay.run(Replay.Source.STORE, Optional.of(petition.slug()), moment, index -> {})
                .fold();
        PetitionCounts tally = fold.changes().stream()
                .map(Fold.Change::tally)
                .findAny()
                .orElseThrow(() -> new Rejection(Rejection.Reason.NOT_LOGGED_YET));
        Context context = new Context(LANGUAGE);
        context.setVariable("petition", petition);
        context.setVariable("statement", statement.html(petition.statement()));
        context.setVariable("tally", tally);
        context.setVariable("countries", countries(fold));
        context.setVariable("milestones", fold.milestones());
        context.setVariable("head", head.map(SignedNote::toString).orElse(null));
        context.setVariable("key", key.toString());
        context.setVariable("utc", ZoneOffset.UTC);
        return printer.pdf(templates.process("handover", context));
    }

    private static List<FromCountry> countries(Fold fold) {
        return fold.changes().stream()
                .flatMap(change -> change.countries().entrySet().stream())
                .filter(entry -> entry.getValue() > 0)
                .map(entry -> new FromCountry(new CountryCode(entry.getKey()).name(LANGUAGE), entry.getValue()))
                .sorted(Comparator.comparingLong(FromCountry::verified)
                        .reversed()
                        .thenComparing(FromCountry::country))
                .toList();
    }
}
