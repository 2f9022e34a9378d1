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

/** Many people who look at one petition while others confirm, and how soon they see it. */
final class ViewerBenchmark {

    /** A process may have so many sockets on many systems, 20,000, less what it needs for itself. */
    private static final int OF_ONE_PROCESS = 18_000;

    private static final int CONFIRMATIONS_A_SECOND = 200;
    /** Before the first instance's port, the others'. */
    private static final int OTHER_PORTS = 500;

    private static final String COUNTER = "CounterProjectionApplication";

    private final Bench.Size size;
    private final BenchmarkStack site;
    private final BenchmarkReport report;

    ViewerBenchmark(Bench.Size size, BenchmarkStack site, BenchmarkReport report) {
        this.size = size;
        this.site = site;
        this.report = report;
    }

    void run() throws Exception {
        int instances = (size.viewers() + OF_ONE_PROCESS - 1) / OF_ONE_PROCESS;
        int confirmations = (int) (CONFIRMATIONS_A_SECOND * size.minutes() * 60);
        report.say("viewers: %,d of them on %d instance%s of the counter"
                .formatted(size.viewers(), instances, instances == 1 ? "" : "s"));
        try (site) {
            site.stack().startServers();
            site.start("signature-service");
            site.publishPetition();
            report.settings(site.durableSettings());
            ConfirmationLoad people = new ConfirmationLoad(site);
            report.say("viewers: %,d sign first".formatted(confirmations));
            people.sign(confirmations);
            List<Integer> ports = startCounters(instances);
            people.awaitCounted(ports);
            watch(people, ports, confirmations);
        }
    }

    private List<Integer> startCounters(int instances) throws InterruptedException {
        List<Integer> ports = new ArrayList<>(List.of(site.ports().counterProjection()));
        site.start("counter-projection");
        for (int i = 1; i < instances; i++) {
            ports.add(site.ports().counterProjection() + OTHER_PORTS + i);
            site.startAnother("counter-projection", ports.get(i));
        }
        return ports;
    }

    private void watch(ConfirmationLoad people, List<Integer> ports, int confirmations) throws Exception {
        Path file = site.logs().resolve("confirmed");
        SseClients.Times times = new SseClients.Times(file, confirmations);
        Memory before = Memory.now();
        List<Process> crowds = new ArrayList<>();
        List<BufferedReader> outputs = new ArrayList<>();
        try {
            for (int i = 0; i < ports.size(); i++) {
                int share = size.viewers() / ports.size() + (i < size.viewers() % ports.size() ? 1 : 0);
                Process crowd = crowd(ports.get(i), share, i, file, confirmations);
                crowds.add(crowd);
                outputs.add(crowd.inputReader());
            }
            int looking = 0;
            for (BufferedReader output : outputs) {
                looking += Integer.parseInt(line(output, "looking"));
            }
            Memory with = Memory.now();
            report.say("viewers: %,d look; %,d confirmations, %d a second"
                    .formatted(looking, confirmations, CONFIRMATIONS_A_SECOND));
            double rate = people.confirm(times, CONFIRMATIONS_A_SECOND);
            Seen all = new Seen();
            for (BufferedReader output : outputs) {
                all.add(line(output, "seen"));
            }
            tell(all, rate, with.minus(before));
        } finally {
            crowds.forEach(Process::destroyForcibly);
        }
    }

    private static String line(BufferedReader output, String word) throws IOException {
        String line = output.readLine();
        if (line == null || !line.startsWith(word + " ")) {
            throw new UserException("A crowd of viewers ended with: " + line);
        }
        return line.substring(word.length() + 1);
    }

    private static Process crowd(int port, int people, int number, Path file, int confirmations) throws IOException {
        return new ProcessBuilder(
                        InstalledJdk.newest().launcher().toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SseClients.class.getName(),
                        Integer.toString(port),
                        BenchmarkStack.PETITION,
                        Integer.toString(people),
                        Integer.toString(number),
                        file.toString(),
                        Integer.toString(confirmations))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void tell(Seen all, double rate, Memory memory) {
        report.add(
                "viewers, looking at once",
                "%,d   (%,d refused, %,d cut off)".formatted(all.looking, all.refused, all.lost),
                "%,d".formatted(size.viewers()),
                all.looking == size.viewers() && all.refused == 0 && all.lost == 0);
        report.add(
                "viewers, confirmations a second meanwhile",
                "%,.0f".formatted(rate),
                "%,d".formatted(CONFIRMATIONS_A_SECOND),
                rate >= CONFIRMATIONS_A_SECOND * 0.99);
        report.add(
                "viewers, who saw the last change", "%,d".formatted(all.upToDate), "all", all.upToDate == all.looking);
        report.add(
                "viewers, from confirmed to seen",
                "p50 %,d ms, p99 %,d ms, most %,d ms"
                        .formatted(
                                all.millis.getValueAtPercentile(50),
                                all.millis.getValueAtPercentile(99),
                                all.millis.getMaxValue()),
                null,
                null);
        report.add(
                "viewers, memory for each",
                "%,d bytes of the counters, %,d of the system's sockets, both ends"
                        .formatted(
                                memory.resident() / Math.max(1, all.looking),
                                memory.sockets() / Math.max(1, all.looking)),
                null,
                null);
    }

    /** What all crowds saw. */
    private static final class Seen {

        private final Histogram millis = new Histogram(3);
        private int looking;
        private int refused;
        private int lost;
        private int upToDate;

        void add(String line) throws DataFormatException {
            String[] parts = line.split(" ");
            looking += Integer.parseInt(parts[0]);
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
     * @param resident bytes the counters have in memory, after they have cleared away what is of no use
     * @param sockets bytes the system holds for what is on its way
     */
    private record Memory(long resident, long sockets) {

        private static final int PAGE_BYTES = 4096;

        static Memory now() throws IOException, InterruptedException {
            long resident = 0;
            for (ProcessHandle counter : ProcessHandle.current()
                    .descendants()
                    .filter(Memory::isCounter)
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
            return new Memory(resident, number(Path.of("/proc/net/sockstat"), "TCP:.* mem") * PAGE_BYTES);
        }

        private static boolean isCounter(ProcessHandle process) {
            return process.info()
                    .commandLine()
                    .filter(line -> line.contains(COUNTER))
                    .isPresent();
        }

        /** The number after a word in one of Linux's tables. */
        private static long number(Path table, String word) throws IOException {
            return Files.readAllLines(table).stream()
                    .filter(line -> line.matches("\\s*" + word + "\\s+[0-9]+.*"))
                    .mapToLong(line -> Long.parseLong(line.replaceFirst("\\s*" + word + "\\s+([0-9]+).*", "$1")))
                    .findFirst()
                    .orElse(0);
        }

        Memory minus(Memory other) {
            return new Memory(resident - other.resident, sockets - other.sockets);
        }
    }
}
