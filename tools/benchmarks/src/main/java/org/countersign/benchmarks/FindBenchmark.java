package org.countersign.benchmarks;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.JsonNode;

/**
 * Compares the search for a signer among many signatures with the search among few, in alternating rounds, and the
 * preview of a case with a JDBC reader that reads the same events.
 */
final class FindBenchmark {

    private static final int FEW = 1_000;
    private static final int SEARCHES = 100;
    private static final int MAX_PREVIEWS = 3;
    private static final String ADDRESS = "needle@bench.example";
    private static final String SIGNATURES = "/api/petitions/" + BenchmarkStack.PETITION + "/signatures";
    private static final String MANY_SEARCHES = "searches for an address among many signatures";
    private static final String FEW_SEARCHES = "searches for an address among " + FEW;
    private static final String PREVIEW = "preview of a case, events";
    private static final String ROWS = "bare JDBC reader, events";

    private final Bench.BenchmarkSize size;
    private final BenchmarkStack many;
    private final BenchmarkStack few;
    private final BenchmarkReport report;

    FindBenchmark(Bench.BenchmarkSize size, BenchmarkStack many, BenchmarkStack few, BenchmarkReport report) {
        this.size = size;
        this.many = many;
        this.few = few;
        this.report = report;
    }

    void run() throws Exception {
        report.progress("find: writing %,d signatures, and %,d of another stack".formatted(size.signatures(), FEW));
        try (many;
                few) {
            start(many, size.signatures());
            start(few, FEW);
            report.settings(many.durableSettings());
            search(many);
            search(few);
            for (int round = 0; round < size.rounds(); round++) {
                report.round(MANY_SEARCHES, search(many));
                report.round(FEW_SEARCHES, search(few));
            }
            report.ratio(
                    "searches for a signer among %,d signatures ÷ among %,d".formatted(size.signatures(), FEW),
                    MANY_SEARCHES,
                    FEW_SEARCHES,
                    0.8);
            preview();
            for (int round = 0; round < Math.min(MAX_PREVIEWS, size.rounds()); round++) {
                report.round(ROWS, BareReader.run(many));
                report.round(PREVIEW, preview());
            }
            report.ratio("preview of a case ÷ a JDBC reader, events a second", PREVIEW, ROWS, 0.2);
        }
    }

    private void start(BenchmarkStack stack, int signatures) throws Exception {
        stack.localStack().startServers();
        stack.startWithoutPublicLog();
        stack.publishPetition();
        ApiClient.require(
                202,
                new ApiClient()
                        .post(
                                stack.ports().signatureService(),
                                SIGNATURES,
                                Map.of("name", "Nele Needle", "email", ADDRESS, "country", "AM"),
                                Optional.empty()));
        stack.localStack().stopService("signature-service");
        EventLogFiller log = new EventLogFiller(stack);
        log.append(EventLogFiller.eventsFor(signatures));
        stack.startWithoutPublicLog();
        while (!stack.hasPublishedAll()) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    /** Returns the searches per second, one after the other. */
    private static double search(BenchmarkStack stack) throws IOException, InterruptedException {
        BenchmarkOrganiser organiser = new BenchmarkOrganiser(stack);
        long begin = System.nanoTime();
        for (int i = 0; i < SEARCHES; i++) {
            JsonNode found = organiser.post(SIGNATURES + "/search", Map.of("email", ADDRESS));
            if (found.path("signatures").size() != 1) {
                throw new UserException("The search found " + found + " instead of one signature.");
            }
        }
        return SEARCHES * 1e9 / (System.nanoTime() - begin);
    }

    /** Returns the events per second that a preview reads. */
    private double preview() throws Exception {
        long events = new EventLogFiller(many).head();
        long begin = System.nanoTime();
        JsonNode preview = new BenchmarkOrganiser(many)
                .post(
                        "/api/petitions/" + BenchmarkStack.PETITION + "/cases/preview",
                        Map.of("criteria", Map.of("countries", EventLogFiller.COUNTRIES_WITHOUT_LOAD)));
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (preview.path("matches").asLong() < size.signatures() / 2) {
            throw new UserException("The preview counted %,d signatures of %,d."
                    .formatted(preview.path("matches").asLong(), size.signatures()));
        }
        report.detail("preview of %,d signatures: %.1f s".formatted(size.signatures(), seconds));
        return events / seconds;
    }
}
