package org.countersign.benchmarks;

/** Measures the cost of the public log for signers: sign requests with the log and without it. */
final class TransparencyBenchmark {

    private static final String WITH = "sign calls with the public log";
    private static final String WITHOUT = "sign calls without";

    private final Bench.BenchmarkSize size;
    private final BenchmarkStack stackWith;
    private final BenchmarkStack stackWithout;
    private final BenchmarkReport report;

    TransparencyBenchmark(
            Bench.BenchmarkSize size, BenchmarkStack stackWith, BenchmarkStack stackWithout, BenchmarkReport report) {
        this.size = size;
        this.stackWith = stackWith;
        this.stackWithout = stackWithout;
        this.report = report;
    }

    void run() throws Exception {
        report.progress("public log: sign calls with and without it, in alternating rounds");
        try (stackWith;
                stackWithout) {
            stackWith.localStack().startServers();
            stackWith.start("signature-service");
            stackWith.publishPetition();
            stackWithout.localStack().startServers();
            stackWithout.startWithoutPublicLog();
            stackWithout.publishPetition();
            report.settings(stackWith.durableSettings());
            sign(stackWith, size.warmUp());
            sign(stackWithout, size.warmUp());
            for (int round = 0; round < size.rounds(); round++) {
                // The first measurement of a round affects the second, so the order alternates.
                if (round % 2 == 0) {
                    report.round(WITH, sign(stackWith, size.seconds()));
                    report.round(WITHOUT, sign(stackWithout, size.seconds()));
                } else {
                    report.round(WITHOUT, sign(stackWithout, size.seconds()));
                    report.round(WITH, sign(stackWith, size.seconds()));
                }
            }
        }
        report.ratio("sign calls with the public log ÷ without", WITH, WITHOUT, 0.95);
    }

    private double sign(BenchmarkStack stack, int seconds) throws Exception {
        double perSecond = SignLoad.run(stack.ports().signatureService(), size.clients(), seconds);
        stack.settle();
        return perSecond;
    }
}
