package org.countersign.signature.durability;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.AuthorizationException;
import org.countersign.support.start.StartRefusedException;
import org.countersign.support.thread.Threads;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Checks every minute, on a thread of its own, whether an acknowledged signature would survive the loss of one machine.
 * What cannot be read is a finding, too.
 */
final class DurabilityCheck implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(DurabilityCheck.class);
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    /** How long a start waits for the servers, which may be starting as well. */
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration START_RETRY_INTERVAL = Duration.ofSeconds(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final PostgresSource postgres;
    private final Supplier<List<TopicDurability>> kafka;
    private final Clock clock;
    private final DurabilityPolicy policy;
    private volatile DurabilityReport report = DurabilityReport.NONE;
    private volatile boolean running;
    private @Nullable Thread thread;

    /** Reads the settings of PostgreSQL. */
    @FunctionalInterface
    interface PostgresSource {
        PostgresDurability read() throws SQLException;
    }

    DurabilityCheck(
            PostgresSource postgres, Supplier<List<TopicDurability>> kafka, Clock clock, DurabilityPolicy policy) {
        this.postgres = postgres;
        this.kafka = kafka;
        this.clock = clock;
        this.policy = policy;
    }

    void register(MeterRegistry meters) {
        for (FindingCode code : FindingCode.values()) {
            Gauge.builder("countersign.durability.finding", () -> report.has(code) ? 1 : 0)
                    .tag("code", code.code())
                    .description(
                            "1 while the check has this finding: a signature may not survive the loss of a machine")
                    .register(meters);
        }
        Gauge.builder("countersign.durability.synchronous.standbys", () -> value(report.synchronousStandbys()))
                .description("connected synchronous standbys of PostgreSQL; no value if unknown")
                .register(meters);
        Gauge.builder("countersign.durability.insync.replicas", () -> value(report.inSyncReplicas()))
                .description("lowest number of in-sync replicas of a partition; no value if unknown")
                .register(meters);
    }

    private static double value(OptionalInt known) {
        return known.isPresent() ? known.getAsInt() : Double.NaN;
    }

    /** Returns the newest report. */
    DurabilityReport report() {
        return report;
    }

    /** Checks now. Logs the findings if they have changed. */
    void check() {
        DurabilityReport before = report;
        DurabilityReport now = read();
        if (Thread.currentThread().isInterrupted()) {
            // The service is stopping.
            return;
        }
        report = now;
        if (now.findings().equals(before.findings())) {
            return;
        }
        if (now.findings().isEmpty()) {
            LOG.info("An acknowledged signature survives the loss of one machine");
        } else if (now.settings().isEmpty()) {
            LOG.warn("Part of the replication is away or unknown. {}", now.text());
        } else {
            LOG.warn("An acknowledged signature may not survive the loss of one machine. {}", now.text());
        }
    }

    private DurabilityReport read() {
        List<DurabilityFinding> findings = new ArrayList<>();
        OptionalInt standbys = OptionalInt.empty();
        try {
            PostgresDurability read = postgres.read();
            findings.addAll(read.findings());
            standbys = read.synchronousStandbys();
        } catch (SQLException e) {
            LOG.debug("PostgreSQL cannot be checked: {}", e.getMessage());
            findings.add(new DurabilityFinding(
                    FindingCode.POSTGRES_UNREACHABLE,
                    "PostgreSQL does not answer, so its settings are unknown.",
                    "Start PostgreSQL."));
        }
        OptionalInt inSync = OptionalInt.empty();
        try {
            List<TopicDurability> topics = kafka.get();
            findings.addAll(TopicDurability.findings(topics));
            inSync = topics.stream().mapToInt(TopicDurability::inSync).min();
        } catch (RuntimeException e) {
            LOG.debug("Kafka cannot be checked: {}", e.getMessage());
            findings.add(unreadable(e));
        }
        return new DurabilityReport(Optional.of(clock.instant()), List.copyOf(findings), standbys, inSync);
    }

    private static DurabilityFinding unreadable(RuntimeException e) {
        return e.getCause() instanceof AuthorizationException
                ? new DurabilityFinding(
                        FindingCode.KAFKA_DENIED,
                        "Kafka does not let the service read the settings of its topics.",
                        "Run deploy/kafka-acls.sh, which allows Create, Describe and DescribeConfigs.")
                : new DurabilityFinding(
                        FindingCode.KAFKA_UNREACHABLE,
                        "Kafka does not answer, so the replication of the topics is unknown.",
                        "Start Kafka.");
    }

    /**
     * Starts the checks. With {@link DurabilityPolicy#REQUIRED}, it returns after the first one.
     *
     * @throws StartRefusedException if the policy does not allow a start with these settings
     */
    @Override
    public void start() {
        if (policy == DurabilityPolicy.REQUIRED) {
            requireDurability();
        }
        running = true;
        Thread starting = new Thread(this::run, "durability");
        starting.setDaemon(true);
        thread = starting;
        starting.start();
    }

    private void requireDurability() {
        long start = System.nanoTime();
        do {
            check();
            List<DurabilityFinding> settings = report.settings();
            if (!settings.isEmpty()) {
                throw refusal(settings);
            }
        } while ((report.has(FindingCode.POSTGRES_UNREACHABLE) || report.has(FindingCode.KAFKA_UNREACHABLE))
                && System.nanoTime() - start < START_TIMEOUT.toNanos()
                && pause(START_RETRY_INTERVAL));
    }

    private static StartRefusedException refusal(List<DurabilityFinding> settings) {
        return new StartRefusedException(
                "COUNTERSIGN_DURABILITY is required, but an acknowledged signature may not survive the loss of one "
                        + "machine:\n"
                        + settings.stream()
                                .map(finding -> "- " + finding.code().code() + ": " + finding.problem())
                                .collect(Collectors.joining("\n")),
                settings.stream()
                                .map(finding -> "- " + finding.code().code() + ": " + finding.fix())
                                .collect(Collectors.joining("\n", "", "\n"))
                        + "With COUNTERSIGN_DURABILITY=reported, the service starts and reports these findings.");
    }

    private void run() {
        // With the other policy, the start has just checked.
        if (policy == DurabilityPolicy.REPORTED) {
            check();
        }
        while (pause(INTERVAL) && running) {
            check();
        }
    }

    private static boolean pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Starts before the ports open, and stops after they have closed. */
    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public void stop() {
        running = false;
        Threads.stop(thread, STOP_TIMEOUT);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
