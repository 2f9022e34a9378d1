package org.countersign.signature.export;

import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.countersign.events.CountryCode;
import org.countersign.events.counts.Fold;
import org.countersign.events.counts.Tally;
import org.countersign.signature.audit.Replay;
import org.countersign.signature.history.Moment;
import org.countersign.signature.petition.Petition;
import org.countersign.signature.petition.Statement;
import org.countersign.signature.print.Printer;
import org.countersign.signature.problem.Refusal;
import org.countersign.signature.transparency.TreeStore;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.SignedNote;
import org.springframework.stereotype.Component;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/**
 * What is handed over with a petition, as a PDF: what it asks of whom, how many have signed, from where, when milestones were reached, and the
 * signed head of the public log by whose entries anybody can check the numbers. There is nothing personal in it.
 */
@Component
class HandoverDocument {

    private static final Locale LANGUAGE = Locale.ENGLISH;

    /** How many of a country count. */
    record FromCountry(String country, long verified) {
    }

    private final Replay replay;
    private final TreeStore log;
    private final LogKey key;
    private final Statement statement;
    private final ITemplateEngine templates;
    private final Printer printer;

    HandoverDocument(Replay replay, TreeStore log, LogKey key, Statement statement, ITemplateEngine templates, Printer printer) {
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
     * @throws Refusal if the petition is not under it yet
     */
    byte[] of(Petition petition) {
        Optional<SignedNote> head = log.newest();
        Moment moment = head.map(note -> new Moment(Checkpoint.parse(note.text()).size(), Moment.NOW.until())).orElse(Moment.NOW);
        Fold fold = replay.run(Replay.Source.STORE, Optional.of(petition.slug()), moment, index -> { }).fold();
        Tally tally = fold.changes().stream().map(Fold.Change::tally).findAny().orElseThrow(() ->
                new Refusal(Refusal.Reason.NOT_LOGGED_YET));
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
        return fold.changes().stream().flatMap(change -> change.countries().entrySet().stream()).filter(entry -> entry.getValue() > 0)
                .map(entry -> new FromCountry(new CountryCode(entry.getKey()).name(LANGUAGE), entry.getValue()))
                .sorted(Comparator.comparingLong(FromCountry::verified).reversed().thenComparing(FromCountry::country)).toList();
    }
}
