package org.countersign.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.countersign.benchmarks.peer.bare.BarePeer;
import org.countersign.loadtest.HttpLoad;
import org.countersign.localstack.client.ApiClient;

/** Compares public reads with a static file of the same bytes from a plain web server, in alternating rounds. */
final class ReadingBenchmark {

    /** The resource that the benchmark reads. */
    enum ReadTarget {
        /** The counts from the counter, while no other service runs. */
        COUNTS("counts", "/api/petitions/" + BenchmarkStack.PETITION + "/counts", 0.8),
        /** A petition's page, which the signature service renders with the counter's counts. */
        PAGES("pages", "/petitions/" + BenchmarkStack.PETITION, 0.3);

        private final String title;
        private final String path;
        private final double toReach;

        ReadTarget(String title, String path, double toReach) {
            this.title = title;
            this.path = path;
            this.toReach = toReach;
        }
    }

    private static final String FILE = "a static file of the same size";
    private static final String FILE_PATH = "/file.txt";

    private final ReadTarget target;
    private final Bench.BenchmarkSize size;
    private final BenchmarkStack stack;
    private final BenchmarkReport report;

    ReadingBenchmark(ReadTarget target, Bench.BenchmarkSize size, BenchmarkStack stack, BenchmarkReport report) {
        this.target = target;
        this.size = size;
        this.stack = stack;
        this.report = report;
    }

    void run() throws Exception {
        report.progress(target.title + ": starting the services and a web server with a file");
        try (stack) {
            stack.localStack().startServers();
            stack.start("signature-service");
            stack.publishPetition();
            stack.start("counter-projection");
            awaitResponse(stack.ports().counterProjection(), ReadTarget.COUNTS.path);
            int port = target == ReadTarget.COUNTS
                    ? stack.ports().counterProjection()
                    : stack.ports().signatureService();
            Path files = Files.createDirectories(stack.logs().resolve("files"));
            Files.writeString(files.resolve(FILE_PATH.substring(1)), awaitResponse(port, target.path));
            if (target == ReadTarget.COUNTS) {
                stack.localStack().stopService("signature-service");
            }
            try (PeerProcess web = stack.startPeer(
                    BarePeer.class,
                    BarePeer.WITHOUT,
                    Optional.empty(),
                    Map.of(
                            "SPRING_WEB_RESOURCES_STATIC_LOCATIONS",
                            files.toUri().toString()))) {
                measure(port, web.port());
            }
        }
    }

    /** Returns the body of the first response with status 200. */
    private static String awaitResponse(int port, String path) throws InterruptedException {
        ApiClient.ApiResponse response = new ApiClient().get(port, path, Optional.empty());
        while (response.status() != 200) {
            Thread.sleep(100);
            response = new ApiClient().get(port, path, Optional.empty());
        }
        return response.body();
    }

    private void measure(int port, int web) throws IOException {
        String product = "Countersign, " + target.title + " asked for";
        report.progress(target.title + ": " + size.warmUp() + " s of warm-up each");
        measureRate(port, target.path, size.warmUp());
        measureRate(web, FILE_PATH, size.warmUp());
        for (int round = 0; round < size.rounds(); round++) {
            report.round(FILE, measureRate(web, FILE_PATH, size.seconds()));
            report.round(product, measureRate(port, target.path, size.seconds()));
        }
        report.ratio(target.title + " asked for ÷ a static file", product, FILE, target.toReach);
    }

    private double measureRate(int port, String path, double seconds) throws IOException {
        return ReadLoad.run(port, size.clients(), seconds, number -> HttpLoad.get(path));
    }
}
