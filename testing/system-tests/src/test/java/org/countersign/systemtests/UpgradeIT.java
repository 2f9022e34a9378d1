package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.countersign.localstack.LocalStack;
import org.countersign.localstack.PreviousRelease;
import org.countersign.localstack.ServiceLauncher;
import org.countersign.localstack.StackLayout;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.net.Route;
import org.countersign.localstack.server.Directories;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A rolling upgrade from the previous release to this version and back, while people sign. docs/operations.md states
 * the rules that make it possible.
 */
@Tag("long")
class UpgradeIT {

    private static final Path HOME = Path.of(System.getProperty("countersign.home"));
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final String PETITION = "a-lift-for-the-station";
    private static final String ORGANISER = "ursula@station.example";
    private static final String ORGANISER_PASSWORD = "organiser's, for tests";
    private static final String AUDITOR_PASSWORD = "auditor's, for tests";
    private static final int INSTANCES = 2;
    /** Few enough for two cores, on which new instances start meanwhile and other tests may run. */
    private static final int SIGNERS_PER_SECOND = 20;

    private static final int READERS_PER_SECOND = 10;

    private final int offset = RunningStack.freeOffset();
    private final Ports ports = Ports.withOffset(offset);
    private final Map<String, String> settings = Map.of(
            "COUNTERSIGN_ORGANISER_PASSWORD",
            ORGANISER_PASSWORD,
            "COUNTERSIGN_AUDITOR_PASSWORD",
            AUDITOR_PASSWORD,
            "COUNTERSIGN_WARM_UP_LIMIT",
            "0s",
            // The load balancer looks for ready instances twice a second.
            "COUNTERSIGN_DRAIN",
            "2s",
            "JAVA_TOOL_OPTIONS",
            RunningStack.QUICKLY_COMPILED.get("JAVA_TOOL_OPTIONS"));

    @Test
    void an_upgrade_from_the_last_release_and_back_fails_no_call_and_loses_nothing() throws Exception {
        PreviousRelease release = previousRelease();
        ServiceLauncher old = ServiceLauncher.builtIn(release.build(HOME), List.of());
        ServiceLauncher current = ServiceLauncher.builtIn(HOME, List.of());
        Path data = RunningStack.temporaryDirectory();
        Files.createDirectories(data.resolve("logs"));
        StackLayout layout = StackLayout.of(StackLayout.replicasOfAll(INSTANCES), Route.DIRECT)
                .with(old);
        LocalStack stack = new LocalStack(ports, HOME, data, List.of(), layout, UpgradeIT::report);
        // The services must not outlive a test that is interrupted.
        Thread close = new Thread(stack::close, "stop the upgrade");
        Runtime.getRuntime().addShutdownHook(close);
        try (stack) {
            stack.start(settings);
            publish();
            UpgradeSigners signers = new UpgradeSigners(ports, PETITION, SIGNERS_PER_SECOND, READERS_PER_SECOND);
            try {
                for (String service : PreviousRelease.UPGRADE_ORDER) {
                    for (String instance : stack.instances(service)) {
                        replace(stack, instance, current, "this version");
                    }
                }
                if (hasWayBack(release)) {
                    goBack(stack, old, release.version());
                }
                signers.finish(TIMEOUT);
            } finally {
                signers.stop();
            }
            report(
                    "upgrade",
                    "%,d calls, %,d failed, %,d refused in overload"
                            .formatted(signers.calls(), signers.failed().size(), signers.refused()));
            assertThat(signers.failed()).isEmpty();
            // The machine may be busy with other tests, but an upgrade must not refuse calls regularly.
            assertThat(signers.refused()).isLessThan(signers.calls() / 100);
            assertEverySignatureIsMailedAndCountedOnce(signers);
        }
        Runtime.getRuntime().removeShutdownHook(close);
        Directories.delete(data);
    }

    private static PreviousRelease previousRelease() {
        try {
            return PreviousRelease.of(HOME);
        } catch (UserException none) {
            System.err.println("""

                    *****************************************************************
                    *  THE UPGRADE FROM THE LAST RELEASE IS NOT TESTED.             *
                    *****************************************************************
                    %s
                    """.formatted(none.getMessage()));
            Assumptions.abort("SKIPPED: " + none.getMessage());
            throw none;
        }
    }

    private static boolean hasWayBack(PreviousRelease release) {
        List<Path> without = release.migrationsWithoutWayBack(HOME);
        if (!without.isEmpty()) {
            report("upgrade", "no way back to " + release.version() + " after " + without);
        }
        return without.isEmpty();
    }

    /** Replaces one instance of each service at the same time, as the Helm chart does, and then the others. */
    private void goBack(LocalStack stack, ServiceLauncher old, String version) {
        for (int i = 0; i < INSTANCES; i++) {
            int number = i;
            CompletableFuture<?>[] replacements = LocalStack.SERVICES.stream()
                    .map(service -> stack.instances(service).get(number))
                    .map(instance -> CompletableFuture.runAsync(
                            () -> replace(stack, instance, old, version), task -> new Thread(task, instance).start()))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(replacements).join();
        }
    }

    private void replace(LocalStack stack, String instance, ServiceLauncher by, String version) {
        try {
            stack.replaceInstance(instance, by, settings);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        report(instance, "now " + version);
    }

    private static void report(String part, String status) {
        System.out.printf("%tT  %-22s %s%n", System.currentTimeMillis(), part, status);
    }

    private void assertEverySignatureIsMailedAndCountedOnce(UpgradeSigners signers) {
        assertThat(signers.accepted()).hasSizeGreaterThan(SIGNERS_PER_SECOND).doesNotHaveDuplicates();
        assertThat(signers.confirmed()).isEqualTo(signers.accepted().size());
        await().atMost(TIMEOUT).until(() -> funnel().path("verified").asInt() >= signers.confirmed());
        assertThat(funnel().path("verified").asInt()).isEqualTo(signers.confirmed());
        assertThat(funnel().path("pending").asInt()).isZero();
        MailboxReader mailbox = new MailboxReader(ports.mailbox());
        // The mail with the link to confirm, and the thanks afterwards. The thanks may still be under way.
        assertThat(signers.accepted())
                .allSatisfy(address -> assertThat(mailbox.awaitAll(address, 2))
                        .extracting(MailboxReader.Mail::subject)
                        .hasSize(2)
                        .doesNotHaveDuplicates());
        assertThat(mailbox.to(ORGANISER))
                .extracting(MailboxReader.Mail::subject)
                .isNotEmpty()
                .doesNotHaveDuplicates();
        assertReconciled();
    }

    private JsonNode funnel() {
        return new ApiClient()
                .get(ports.counterProjection(), "/api/petitions/" + PETITION + "/funnel", auditor())
                .json();
    }

    private static Optional<String> auditor() {
        return Optional.of("auditor:" + AUDITOR_PASSWORD);
    }

    /** The event store, Kafka and the counter agree. */
    private void assertReconciled() {
        RunningStack.Ended reconcile = RunningStack.run(
                Map.of("COUNTERSIGN_AUDITOR_PASSWORD", AUDITOR_PASSWORD),
                "audit",
                "reconcile",
                "--port-offset",
                Integer.toString(offset));
        assertThat(reconcile.output()).contains(" 0 differences");
        assertThat(reconcile.status()).isZero();
    }

    private void publish() {
        ApiClient.require(
                201,
                new ApiClient()
                        .post(
                                ports.signatureService(),
                                "/api/petitions",
                                Map.of(
                                        "slug",
                                        PETITION,
                                        "title",
                                        "A lift for the station",
                                        "statement",
                                        "The stairs are steep.",
                                        "recipients",
                                        List.of("The Railway Company"),
                                        "goal",
                                        100_000,
                                        "organiser",
                                        Map.of("name", "Ursula Organiser", "email", ORGANISER)),
                                Optional.of("organiser:" + ORGANISER_PASSWORD)));
    }
}
