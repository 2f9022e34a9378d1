package org.countersign.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.countersign.benchmarks.peer.bare.BarePeer;
import org.countersign.cli.Api;
import org.countersign.cli.UserException;
import org.countersign.cli.burst.HttpLoad;

/** The counts as anybody asks for them, beside a file of the same bytes that a web server without anything else in it gives out, in turns. */
final class CountsBenchmark {

    private static final String COUNTS = "Countersign, counts asked for";
    private static final String FILE = "a static file of the same size";
    private static final String PATH = "/api/petitions/" + Site.PETITION + "/counts";

    private final Bench.Size size;
    private final Site site;
    private final Report report;

    CountsBenchmark(Bench.Size size, Site site, Report report) {
        this.size = size;
        this.site = site;
        this.report = report;
    }

    void run() throws Exception {
        report.say("counts: starting the counter and a web server with a file");
        try (site) {
            site.stack().startServers();
            site.start("signature-service");
            site.publishPetition();
            site.start("counter-projection");
            int counter = site.ports().counterProjection();
            Path files = Files.createDirectories(site.logs().resolve("files"));
            Files.writeString(files.resolve("counts.json"), awaitCounts(counter));
            site.stack().stopService("signature-service");
            try (PeerProcess web = site.startPeer(BarePeer.class, BarePeer.WITHOUT, Optional.empty(),
                    Map.of("SPRING_WEB_RESOURCES_STATIC_LOCATIONS", files.toUri().toString()))) {
                measure(counter, web.port());
            }
        }
    }

    /** What is answered once the petition is known there. */
    private static String awaitCounts(int counter) throws InterruptedException {
        Api.Answer answer = new Api().get(counter, PATH, Optional.empty());
        while (answer.status() != 200) {
            Thread.sleep(100);
            answer = new Api().get(counter, PATH, Optional.empty());
        }
        return answer.body();
    }

    private void measure(int counter, int web) throws IOException {
        report.say("counts: " + size.warmUp() + " s to each before it counts");
        ask(counter, PATH, size.warmUp());
        ask(web, "/counts.json", size.warmUp());
        for (int round = 0; round < size.rounds(); round++) {
            report.round(FILE, ask(web, "/counts.json", size.seconds()));
            report.round(COUNTS, ask(counter, PATH, size.seconds()));
        }
        report.ratio("counts asked for ÷ a static file", COUNTS, FILE, 0.8);
    }

    private double ask(int port, String path, double seconds) throws IOException {
        long start = System.nanoTime();
        Asking asking = new Asking(HttpLoad.get(path), start + (long) (seconds * 1e9));
        try (HttpLoad load = new HttpLoad(port, size.clients())) {
            load.run(asking);
        }
        if (asking.refused > 0 || asking.answered == 0) {
            throw new UserException("%d of %d calls on port %d were not answered.".formatted(asking.refused, asking.refused + asking.answered, port));
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
            return now >= end ? null : new HttpLoad.Call(request, now) {
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
