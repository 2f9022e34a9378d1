package org.countersign.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.countersign.benchmarks.peer.bare.BarePeer;
import org.countersign.loadtest.HttpLoad;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.UserException;

/**
 * What everybody may read, beside a file of the same bytes that a web server without anything else in it gives out, in
 * turns.
 */
final class ReadingBenchmark {

    /** What is read. */
    enum What {
        /** The counts, from the counter; nothing else runs. */
        COUNTS("counts", "/api/petitions/" + BenchmarkStack.PETITION + "/counts", 0.8),
        /** A petition's page, made by the signature service with what the counter tells. */
        PAGES("pages", "/petitions/" + BenchmarkStack.PETITION, 0.3);

        private final String title;
        private final String path;
        private final double toReach;

        What(String title, String path, double toReach) {
            this.title = title;
            this.path = path;
            this.toReach = toReach;
        }
    }

    private static final String FILE = "a static file of the same size";
    private static final String FILE_PATH = "/file.txt";

    private final What what;
    private final Bench.Size size;
    private final BenchmarkStack site;
    private final BenchmarkReport report;

    ReadingBenchmark(What what, Bench.Size size, BenchmarkStack site, BenchmarkReport report) {
        this.what = what;
        this.size = size;
        this.site = site;
        this.report = report;
    }

    void run() throws Exception {
        report.say(what.title + ": starting what gives them and a web server with a file");
        try (site) {
            site.stack().startServers();
            site.start("signature-service");
            site.publishPetition();
            site.start("counter-projection");
            awaitAnswer(site.ports().counterProjection(), What.COUNTS.path);
            int port = what == What.COUNTS
                    ? site.ports().counterProjection()
                    : site.ports().signatureService();
            Path files = Files.createDirectories(site.logs().resolve("files"));
            Files.writeString(files.resolve(FILE_PATH.substring(1)), awaitAnswer(port, what.path));
            if (what == What.COUNTS) {
                site.stack().stopService("signature-service");
            }
            try (PeerProcess web = site.startPeer(
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

    /** What is answered once the petition is known there. */
    private static String awaitAnswer(int port, String path) throws InterruptedException {
        ApiClient.ApiResponse answer = new ApiClient().get(port, path, Optional.empty());
        while (answer.status() != 200) {
            Thread.sleep(100);
            answer = new ApiClient().get(port, path, Optional.empty());
        }
        return answer.body();
    }

    private void measure(int port, int web) throws IOException {
        String asked = "Countersign, " + what.title + " asked for";
        report.say(what.title + ": " + size.warmUp() + " s to each before it counts");
        ask(port, what.path, size.warmUp());
        ask(web, FILE_PATH, size.warmUp());
        for (int round = 0; round < size.rounds(); round++) {
            report.round(FILE, ask(web, FILE_PATH, size.seconds()));
            report.round(asked, ask(port, what.path, size.seconds()));
        }
        report.ratio(what.title + " asked for ÷ a static file", asked, FILE, what.toReach);
    }

    private double ask(int port, String path, double seconds) throws IOException {
        long start = System.nanoTime();
        Asking asking = new Asking(HttpLoad.get(path), start + (long) (seconds * 1e9));
        try (HttpLoad load = new HttpLoad(port, size.clients())) {
            load.run(asking);
        }
        if (asking.refused > 0 || asking.answered == 0) {
            throw new UserException("%d of %d calls on port %d were not answered."
                    .formatted(asking.refused, asking.refused + asking.answered, port));
        }
        return asking.answered * 1e9 / (System.nanoTime() - start);
    }

    /** The same call again and again, on each connection when the last was answered. */
    private static final class Asking implements HttpLoad.Source {

        private final byte[] request;
        private final long end;
        private long answered;
        private long refused;

        private Asking(byte[] request, long end) {
            this.request = request;
            this.end = end;
        }

        @Override
        public HttpLoad.Call next(long now) {
            return now >= end
                    ? null
                    : new HttpLoad.Call(request, now) {
                        @Override
                        protected void ended(int status, String body, long nanos) {
                            answered += status == 200 ? 1 : 0;
                            refused += status == 200 ? 0 : 1;
                        }
                    };
        }

        @Override
        public boolean finished() {
            return System.nanoTime() >= end;
        }
    }
}
