package org.countersign.benchmarks;

/** What the public log costs who signs: sign calls while it is appended to beside sign calls without it. */
final class TransparencyBenchmark {

    private static final String WITH = "sign calls with the public log";
    private static final String WITHOUT = "sign calls without";

    private final Bench.Size size;
    private final BenchmarkStack siteWith;
    private final BenchmarkStack siteWithout;
    private final BenchmarkReport report;

    TransparencyBenchmark(
            Bench.Size size, BenchmarkStack siteWith, BenchmarkStack siteWithout, BenchmarkReport report) {
        this.size = size;
        this.siteWith = siteWith;
        this.siteWithout = siteWithout;
        this.report = report;
    }

    void run() throws Exception {
        report.say("public log: sign calls with and without it, in turns");
        try (siteWith;
                siteWithout) {
            siteWith.stack().startServers();
            siteWith.start("signature-service");
            siteWith.publishPetition();
            siteWithout.stack().startServers();
            siteWithout.startWithoutPublicLog();
            siteWithout.publishPetition();
            report.settings(siteWith.durableSettings());
            sign(siteWith, size.warmUp());
            sign(siteWithout, size.warmUp());
            for (int round = 0; round < size.rounds(); round++) {
                // Whoever comes second finds the machine as the first left it, so they change places.
                if (round % 2 == 0) {
                    report.round(WITH, sign(siteWith, size.seconds()));
                    report.round(WITHOUT, sign(siteWithout, size.seconds()));
                } else {
                    report.round(WITHOUT, sign(siteWithout, size.seconds()));
                    report.round(WITH, sign(siteWith, size.seconds()));
                }
            }
        }
        report.ratio("sign calls with the public log ÷ without", WITH, WITHOUT, 0.95);
    }

    private double sign(BenchmarkStack site, int seconds) throws Exception {
        double perSecond = SignLoad.run(site.ports().signatureService(), size.clients(), seconds);
        site.settle();
        return perSecond;
    }
}
