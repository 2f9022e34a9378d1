package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.countersign.localstack.client.ApiClient;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The drill of docs/operations.md: an old backup is restored, and the events after it are recovered from Kafka. */
class RestoreDrillIT {

    private static final String PETITION = "restore-drill";
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final Path data = RunningStack.temporaryDirectory();
    private final Path backup = data.resolveSibling(data.getFileName() + "-backup");
    private final Path known = data.resolveSibling(data.getFileName() + "-head.txt");

    @Test
    void a_restored_backup_is_recovered_and_every_number_is_as_before() {
        JsonNode countsBefore;
        JsonNode funnelBefore;
        String headBefore;
        try (RunningStack stack = RunningStack.start(data, Map.of())) {
            stack.publish(Map.of("slug", PETITION));
            sign(stack, 0, 100);
            succeed(RunningStack.run(Map.of(), "backup", backup.toString(), "--data", data.toString()));
            sign(stack, 100, 200);
            for (int person = 100; person < 150; person++) {
                stack.confirm(stack.mails().await(address(person), 1).token("confirm"));
            }
            await().atMost(TIMEOUT).until(() -> stack.verified(PETITION) == 50);
            await().atMost(TIMEOUT)
                    .until(() -> stack.funnel(PETITION).path("pending").asLong() == 150);
            await().atMost(TIMEOUT)
                    .until(() -> succeed(stack.run("audit", "log", "--known", known.toString()))
                                    .contains("0 problems")
                            && isSettled(stack));
            countsBefore = stack.counts(PETITION);
            funnelBefore = stack.funnel(PETITION);
            headBefore = head(stack);
        }

        assertThat(RunningStack.run(Map.of(), "restore", backup.toString(), "--data", data.toString()))
                .satisfies(refused -> {
                    assertThat(refused.status()).isEqualTo(1);
                    assertThat(refused.output()).contains("--force");
                });
        assertThat(succeed(
                        RunningStack.run(Map.of(), "restore", backup.toString(), "--data", data.toString(), "--force")))
                .contains("./countersign recover");

        try (RunningStack stack = RunningStack.start(data, Map.of())) {
            assertThat(stack.output()).anyMatch(line -> line.contains("Run: ./countersign recover"));
            assertThat(trySign(stack, 200)).isEqualTo(503);
            assertThat(stack.run("status").output()).contains("continuity: DOWN", "Run: ./countersign recover");

            String recovered = succeed(stack.run("recover", "--verbose"));
            assertThat(recovered).contains("SignatureVerified", "150 events recovered from Kafka");
            assertThat(head(stack)).isEqualTo(headBefore);
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(stack.counts(PETITION)).isEqualTo(countsBefore));
            assertThat(stack.funnel(PETITION)).isEqualTo(funnelBefore);

            sign(stack, 200, 210);
            await().atMost(TIMEOUT)
                    .until(() -> stack.funnel(PETITION).path("pending").asLong() == 160);
            assertThat(succeed(stack.run("audit", "reconcile"))).contains("0 differences");
            assertThat(succeed(stack.run("audit", "log", "--known", known.toString())))
                    .contains("0 problems");
            for (int person = 100; person < 150; person++) {
                assertThat(stack.mails().to(address(person)))
                        .as("the mails to a signer whose data is lost")
                        .hasSize(2);
            }
        }
    }

    private static String address(int person) {
        return "person-" + person + "@drill.example";
    }

    private static void sign(RunningStack stack, int from, int to) {
        for (int person = from; person < to; person++) {
            stack.sign(PETITION, address(person), Map.of());
        }
    }

    private static int trySign(RunningStack stack, int person) {
        return new ApiClient()
                .post(
                        stack.ports().signatureService(),
                        "/api/petitions/" + PETITION + "/signatures",
                        Map.of("name", "Sander Signer", "email", address(person), "country", "NL"),
                        Optional.empty())
                .status();
    }

    private static String head(RunningStack stack) {
        return new ApiClient()
                .get(stack.ports().signatureService(), "/log/checkpoint", Optional.empty())
                .body();
    }

    /** Tells whether the public log has stopped growing. */
    private static boolean isSettled(RunningStack stack) {
        String before = head(stack);
        try {
            Thread.sleep(3000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return before.equals(head(stack));
    }

    private static String succeed(RunningStack.Ended ended) {
        assertThat(ended.status()).as(ended.output()).isZero();
        return ended.output();
    }
}
