package org.countersign.benchmarks;

/** Compares the rate of sign requests to two stacks that differ in one thing, in alternating rounds. */
final class SignComparison {

    /**
     * One of the two stacks.
     *
     * @param name its name in the report
     * @param starter starts the signature service after the servers
     */
    record ComparedStack(String name, BenchmarkStack stack, ServiceStarter starter) {}

    /** Starts the signature service of a stack. */
    @FunctionalInterface
    interface ServiceStarter {

        void start(BenchmarkStack stack) throws InterruptedException;
    }

    private final Bench.BenchmarkSize size;
    private final BenchmarkReport report;

    SignComparison(Bench.BenchmarkSize size, BenchmarkReport report) {
        this.size = size;
        this.report = report;
    }

    /**
     * Measures both stacks and closes them.
     *
     * @param figure the name of the ratio in the report
     * @param target the ratio to reach
     */
    void run(ComparedStack measured, ComparedStack base, String figure, double target) throws Exception {
        report.progress(measured.name() + " and " + base.name() + ", in alternating rounds");
        try (BenchmarkStack first = measured.stack();
                BenchmarkStack second = base.stack()) {
            start(measured);
            start(base);
            report.settings(first.durableSettings());
            warmUp(first);
            warmUp(second);
            for (int round = 0; round < size.rounds(); round++) {
                // The first measurement of a round affects the second, so the order alternates.
                if (round % 2 == 0) {
                    report.round(measured.name(), sign(first, size.seconds()));
                    report.round(base.name(), sign(second, size.seconds()));
                } else {
                    report.round(base.name(), sign(second, size.seconds()));
                    report.round(measured.name(), sign(first, size.seconds()));
                }
            }
        }
        report.ratio(figure, measured.name(), base.name(), target);
    }

    private static void start(ComparedStack compared) throws InterruptedException {
        compared.stack().localStack().startServers();
        compared.starter().start(compared.stack());
        compared.stack().publishPetition();
    }

    private void warmUp(BenchmarkStack stack) throws Exception {
        SignLoad.warmUp(stack.ports().signatureService(), size.clients(), size.warmUp());
        stack.settle();
    }

    private double sign(BenchmarkStack stack, int seconds) throws Exception {
        double perSecond = SignLoad.run(stack.ports().signatureService(), size.clients(), seconds);
        stack.settle();
        return perSecond;
    }
}
