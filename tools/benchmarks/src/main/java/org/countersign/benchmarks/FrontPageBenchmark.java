package org.countersign.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.countersign.benchmarks.peer.bare.BarePeer;
import org.countersign.loadtest.HttpLoad;
import org.countersign.localstack.client.ApiClient;

/**
 * Compares the front page and searches among many petitions with static files of the same size from a plain web server,
 * in alternating rounds.
 */
final class FrontPageBenchmark {

    private static final int PETITIONS = 10_000;
    private static final double TO_REACH = 0.3;
    private static final String FRONT = "front page";
    private static final String SEARCH = "search";
    private static final String LAST_PAGE = "/?page=" + PETITIONS / 20;

    /** The words of the measured searches. Readers of a news story use the same words. */
    private static final List<String> SEARCHES =
            PetitionFiller.WORDS.stream().map(word -> "/?q=" + word).toList();

    private final Bench.BenchmarkSize size;
    private final BenchmarkStack stack;
    private final BenchmarkReport report;

    FrontPageBenchmark(Bench.BenchmarkSize size, BenchmarkStack stack, BenchmarkReport report) {
        this.size = size;
        this.stack = stack;
        this.report = report;
    }

    void run() throws Exception {
        report.progress("front page: writing %,d petitions".formatted(PETITIONS));
        try (stack) {
            stack.localStack().startServers();
            stack.start("signature-service");
            stack.publishPetition();
            stack.localStack().stopService("signature-service");
            new PetitionFiller(stack).append(PETITIONS);
            stack.start("signature-service");
            stack.start("counter-projection");
            awaitCountsAndWords();
            Path files = Files.createDirectories(stack.logs().resolve("files"));
            Files.writeString(files.resolve(FRONT.replace(' ', '-')), page("/"));
            Files.writeString(files.resolve(SEARCH), page(SEARCHES.get(0)));
            try (PeerProcess web = stack.startPeer(
                    BarePeer.class,
                    BarePeer.WITHOUT,
                    Optional.empty(),
                    Map.of(
                            "SPRING_WEB_RESOURCES_STATIC_LOCATIONS",
                            files.toUri().toString()))) {
                compare(FRONT, number -> HttpLoad.get("/"), web.port());
                compare(SEARCH, number -> HttpLoad.get(SEARCHES.get(number % SEARCHES.size())), web.port());
            }
        }
    }

    /** Waits until the oldest petition has its count, and a search finds as many petitions as a page has. */
    private void awaitCountsAndWords() throws InterruptedException, SQLException {
        while (!page(LAST_PAGE).contains("<progress")
                || stack.number("signature_service", "select count(*) from petition_search") < PETITIONS) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
        stack.settle();
    }

    private String page(String path) {
        return ApiClient.require(200, new ApiClient().get(stack.ports().signatureService(), path, Optional.empty()))
                .body();
    }

    private void compare(String title, IntFunction<byte[]> request, int web) throws IOException {
        String file = "a static file as large as the " + title;
        String product = "Countersign, " + title + " asked for";
        byte[] readFile = HttpLoad.get("/" + title.replace(' ', '-'));
        int port = stack.ports().signatureService();
        report.progress(title + ": " + size.warmUp() + " s of warm-up each");
        ReadLoad.run(port, size.clients(), size.warmUp(), request);
        ReadLoad.run(web, size.clients(), size.warmUp(), number -> readFile);
        for (int round = 0; round < size.rounds(); round++) {
            report.round(file, ReadLoad.run(web, size.clients(), size.seconds(), number -> readFile));
            report.round(product, ReadLoad.run(port, size.clients(), size.seconds(), request));
        }
        report.ratio("%s with %,d petitions ÷ a static file".formatted(title, PETITIONS), product, file, TO_REACH);
    }
}
