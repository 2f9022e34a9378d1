package org.countersign.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.countersign.loadtest.SseClients;
import org.countersign.localstack.InstalledJdk;
import org.countersign.localstack.client.UserException;

/** Measures the delay from a confirmation to its arrival at many live viewers of one petition. */
final class ViewerBenchmark {

    /** Many systems limit a process to 20,000 sockets. The instance needs some of them for other purposes. */
    private static final int VIEWERS_PER_INSTANCE = 18_000;

    private static final int CONFIRMATIONS_PER_SECOND = 200;
    /** Distance of the additional instances' ports from the port of the first. */
    private static final int PORT_GAP = 500;

    private static final String COUNTER = "CounterProjectionApplication";

    private final Bench.BenchmarkSize size;
    private final BenchmarkStack stack;
    private final BenchmarkReport report;

    ViewerBenchmark(Bench.BenchmarkSize size, BenchmarkStack stack, BenchmarkReport report) {
        this.size = size;
        this.stack = stack;
        this.report = report;
    }

    void run() throws Exception {
        int instances = (size.viewers() + VIEWERS_PER_INSTANCE - 1) / VIEWERS_PER_INSTANCE;
        int confirmations = (int) (CONFIRMATIONS_PER_SECOND * size.minutes() * 60);
        report.progress("viewers: %,d viewers of %d instance%s of the counter"
                .formatted(size.viewers(), instances, instances == 1 ? "" : "s"));
        try (stack) {
            stack.localStack().startServers();
            stack.start("signature-service");
            stack.publishPetition();
            report.settings(stack.durableSettings());
            ConfirmationLoad load = new ConfirmationLoad(stack);
            report.progress("viewers: adding %,d signatures first".formatted(confirmations));
            load.sign(confirmations);
            List<Integer> ports = startCounters(instances);
            load.awaitCounted(ports);
            watch(load, ports, confirmations);
        }
    }

    private List<Integer> startCounters(int instances) throws InterruptedException {
        List<Integer> ports = new ArrayList<>(List.of(stack.ports().counterProjection()));
        stack.start("counter-projection");
        for (int i = 1; i < instances; i++) {
            ports.add(stack.ports().counterProjection() + PORT_GAP + i);
            stack.startAnother("counter-projection", ports.get(i));
        }
        return ports;
    }

    private void watch(ConfirmationLoad load, List<Integer> ports, int confirmations) throws Exception {
        Path file = stack.logs().resolve("confirmed");
        SseClients.ConfirmationTimes times = new SseClients.ConfirmationTimes(file, confirmations);
        MemoryUsage before = MemoryUsage.now();
        List<Process> clients = new ArrayList<>();
        List<BufferedReader> outputs = new ArrayList<>();
        try {
            for (int i = 0; i < ports.size(); i++) {
                int share = size.viewers() / ports.size() + (i < size.viewers() % ports.size() ? 1 : 0);
                Process client = startClients(ports.get(i), share, i, file, confirmations);
                clients.add(client);
                outputs.add(client.inputReader());
            }
            int connected = 0;
            for (BufferedReader output : outputs) {
                connected += Integer.parseInt(line(output, "connected"));
            }
            MemoryUsage with = MemoryUsage.now();
            report.progress("viewers: %,d connected; %,d confirmations, %d per second"
                    .formatted(connected, confirmations, CONFIRMATIONS_PER_SECOND));
            double rate = load.confirm(times, CONFIRMATIONS_PER_SECOND);
            ClientResults all = new ClientResults();
            for (BufferedReader output : outputs) {
                all.add(line(output, "result"));
            }
            report(all, rate, with.minus(before));
        } finally {
            clients.forEach(Process::destroyForcibly);
        }
    }

    private static String line(BufferedReader output, String word) throws IOException {
        String line = output.readLine();
        if (line == null || !line.startsWith(word + " ")) {
            throw new UserException("A process of viewers ended with: " + line);
        }
        return line.substring(word.length() + 1);
    }

    private static Process startClients(int port, int viewers, int index, Path file, int confirmations)
            throws IOException {
        return new ProcessBuilder(
                        InstalledJdk.newest().launcher().toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SseClients.class.getName(),
                        Integer.toString(port),
                        BenchmarkStack.PETITION,
                        Integer.toString(viewers),
                        Integer.toString(index),
                        file.toString(),
                        Integer.toString(confirmations))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void report(ClientResults all, double rate, MemoryUsage memory) {
        report.add(
                "viewers, looking at once",
                "%,d   (%,d refused, %,d cut off)".formatted(all.connected, all.refused, all.lost),
                "%,d".formatted(size.viewers()),
                all.connected == size.viewers() && all.refused == 0 && all.lost == 0);
        report.add(
                "viewers, confirmations a second meanwhile",
                "%,.0f".formatted(rate),
                "%,d".formatted(CONFIRMATIONS_PER_SECOND),
                rate >= CONFIRMATIONS_PER_SECOND * 0.99);
        report.add(
                "viewers, who saw the last change",
                "%,d".formatted(all.upToDate),
                "all",
                all.upToDate == all.connected);
        report.add(
                "viewers, from confirmed to seen",
                "p50 %,d ms, p99 %,d ms, most %,d ms"
                        .formatted(
                                all.millis.getValueAtPercentile(50),
                                all.millis.getValueAtPercentile(99),
                                all.millis.getMaxValue()));
        report.add(
                "viewers, memory for each",
                "%,d bytes of the counters, %,d of the system's sockets, both ends"
                        .formatted(
                                memory.resident() / Math.max(1, all.connected),
                                memory.sockets() / Math.max(1, all.connected)));
    }

    /** The sum of the results of all client processes. */
    private static final class ClientResults {

        private final Histogram millis = new Histogram(3);
        private int connected;
        private int refused;
        private int lost;
        private int upToDate;

        void add(String line) throws DataFormatException {
            String[] parts = line.split(" ");
            connected += Integer.parseInt(parts[0]);
            refused += Integer.parseInt(parts[1]);
            lost += Integer.parseInt(parts[2]);
            upToDate += Integer.parseInt(parts[3]);
            millis.add(Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(parts[4])), 0));
        }
    }

    /**
     * Memory in use.
     *
     * @param resident the resident bytes of the counters after a garbage collection
     * @param sockets the bytes of the system's socket buffers
     */
    private record MemoryUsage(long resident, long sockets) {

        private static final int PAGE_BYTES = 4096;

        static MemoryUsage now() throws IOException, InterruptedException {
            long resident = 0;
            for (ProcessHandle counter : ProcessHandle.current()
                    .descendants()
                    .filter(MemoryUsage::isCounter)
                    .toList()) {
                new ProcessBuilder(
                                InstalledJdk.newest()
                                        .launcher()
                                        .resolveSibling("jcmd")
                                        .toString(),
                                Long.toString(counter.pid()),
                                "GC.run")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor(1, TimeUnit.MINUTES);
                resident += number(Path.of("/proc", Long.toString(counter.pid()), "status"), "VmRSS:") * 1024;
            }
            return new MemoryUsage(resident, number(Path.of("/proc/net/sockstat"), "TCP:.* mem") * PAGE_BYTES);
        }

        private static boolean isCounter(ProcessHandle process) {
            return process.info()
                    .commandLine()
                    .filter(line -> line.contains(COUNTER))
                    .isPresent();
        }

        /** Returns the number after a word in a file of Linux's /proc. */
        private static long number(Path table, String word) throws IOException {
            return Files.readAllLines(table).stream()
                    .filter(line -> line.matches("\\s*" + word + "\\s+[0-9]+.*"))
                    .mapToLong(line -> Long.parseLong(line.replaceFirst("\\s*" + word + "\\s+([0-9]+).*", "$1")))
                    .findFirst()
                    .orElse(0);
        }

        MemoryUsage minus(MemoryUsage other) {
            return new MemoryUsage(resident - other.resident, sockets - other.sockets);
        }
    }
}
