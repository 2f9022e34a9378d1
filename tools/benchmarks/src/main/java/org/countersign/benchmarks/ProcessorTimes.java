package org.countersign.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The processor time of this process and its descendants, as the operating system counts it. */
final class ProcessorTimes {

    /** The part of this process: the mailbox and the supervision of the stack. */
    static final String MAILBOX = "mailbox and stack";

    private static final String POSTGRES = "PostgreSQL";
    /** A part of the command line, and the name of the process. The first match counts. */
    private static final List<Map.Entry<String, String>> NAMES = List.of(
            Map.entry("SignatureServiceApplication", "signature-service"),
            Map.entry("CounterProjectionApplication", "counter-projection"),
            Map.entry("NotifierApplication", "notifier"),
            Map.entry("kafka.Kafka", "Kafka"),
            Map.entry("postgres: signature_service", POSTGRES + " for signature-service"),
            Map.entry("postgres: counter_projection", POSTGRES + " for counter-projection"),
            Map.entry("postgres: notifier", POSTGRES + " for notifier"),
            Map.entry("postgres", POSTGRES + " itself"));

    private final Map<Long, Duration> byProcess;
    private final Map<Long, String> names;

    private ProcessorTimes(Map<Long, Duration> byProcess, Map<Long, String> names) {
        this.byProcess = byProcess;
        this.names = names;
    }

    /**
     * Reads the times now.
     *
     * @param postgres the server's main process, which is no descendant of this one
     */
    static ProcessorTimes now(ProcessHandle postgres) {
        Map<Long, Duration> times = new LinkedHashMap<>();
        Map<Long, String> names = new LinkedHashMap<>();
        ProcessHandle self = ProcessHandle.current();
        Stream<ProcessHandle> servers = Stream.concat(Stream.of(postgres), postgres.descendants());
        Stream<ProcessHandle> own = Stream.concat(Stream.of(self), self.descendants());
        Stream.concat(own, servers)
                .forEach(process -> process.info().totalCpuDuration().ifPresent(time -> {
                    times.put(process.pid(), time);
                    names.put(process.pid(), process.equals(self) ? MAILBOX : name(process));
                }));
        return new ProcessorTimes(times, names);
    }

    private static String name(ProcessHandle process) {
        String commandLine = commandLine(process);
        return NAMES.stream()
                .filter(entry -> commandLine.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("other");
    }

    /** Reads the whole command line, of which {@link ProcessHandle.Info} returns a part only. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
        } catch (IOException ended) {
            return "";
        }
    }

    /** Returns the time since an earlier reading by the name of the process. A process that ended since is missing. */
    Map<String, Duration> since(ProcessorTimes earlier) {
        Map<String, Duration> used = new LinkedHashMap<>();
        byProcess.forEach((process, time) -> used.merge(
                names.get(process),
                time.minus(earlier.byProcess.getOrDefault(process, Duration.ZERO)),
                Duration::plus));
        return used;
    }
}
