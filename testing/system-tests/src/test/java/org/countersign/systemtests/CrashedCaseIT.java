package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.countersign.localstack.client.ApiClient;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All instances of the signature service die in the middle of a case. */
class CrashedCaseIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(4);
    private static final int BOTS = 350;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static Optional<JsonNode> call(RunningStack stack, String path) {
        try {
            ApiClient.ApiResponse response =
                    new ApiClient().get(stack.ports().signatureService(), path, RunningStack.organiser());
            return response.status() == 200 ? Optional.of(response.json()) : Optional.empty();
        } catch (RuntimeException away) {
            return Optional.empty();
        }
    }

    private static long number(RunningStack stack, String id, String field) {
        return call(stack, "/api/cases/" + id)
                .map(one -> one.path(field).asLong())
                .orElse(-1L);
    }

    @Test
    void a_case_continues_after_the_crash_and_invalidates_each_signature_once() {
        Map<String, String> environment = new HashMap<>(RunningStack.QUICKLY_COMPILED);
        environment.put("COUNTERSIGN_CASES_PER_SECOND", "50");
        try (RunningStack stack = RunningStack.with(environment, "--replicas", "2")) {
            String petition = stack.publish(Map.of("slug", "a-crash"));
            for (int i = 0; i < BOTS; i++) {
                stack.sign(petition, "bot" + i + "@bots.example", Map.of());
            }
            String id = ApiClient.require(
                            202,
                            new ApiClient()
                                    .post(
                                            stack.ports().signatureService(),
                                            "/api/petitions/" + petition + "/cases",
                                            Map.of(
                                                    "criteria",
                                                    Map.of("domains", List.of("bots.example")),
                                                    "reason",
                                                    "one domain",
                                                    "publicReason",
                                                    "A program made these signatures."),
                                            RunningStack.organiser()))
                    .json()
                    .path("id")
                    .asString("");
            await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(50)).until(() -> number(stack, id, "done") > 0);
            assertThat(number(stack, id, "done")).isLessThan(BOTS);
            stack.kill("signature-service");
            await().atMost(TIMEOUT).until(() -> number(stack, id, "done") == BOTS);
            assertThat(number(stack, id, "invalidated")).isEqualTo(BOTS);
            await().atMost(TIMEOUT)
                    .until(() -> stack.funnel(petition).path("invalidated").asLong() == BOTS);
            Map<String, Long> invalidations = new ApiClient()
                    .get(
                            stack.ports().signatureService(),
                            "/api/petitions/" + petition + "/history",
                            RunningStack.auditor())
                    .body()
                    .lines()
                    .map(JSON::readTree)
                    .filter(event -> event.path("type").asString("").equals("SignatureInvalidated"))
                    .collect(Collectors.groupingBy(
                            event -> event.path("signature").asString(""), Collectors.counting()));
            assertThat(invalidations)
                    .hasSize(BOTS)
                    .allSatisfy((signature, events) -> assertThat(events).isEqualTo(1));
            RunningStack.Ended audit = stack.run("audit", "reconcile");
            assertThat(audit.status()).as(audit.output()).isZero();
        }
    }
}
