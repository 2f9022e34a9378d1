package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.UserException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A program signs with the addresses of one domain. The organiser removes its signatures, and undoes that. All
 * instances of the signature service die in the middle of another case.
 */
class InvalidationCaseIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(4);
    private static final int HONEST = 100;
    private static final int BOTS = 300;
    private static final int STORED_UP = 20;
    private static final int PER_SECOND = 50;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static RunningStack stack;

    /** A stack of its own, because the audits of all petitions have to pass. */
    @BeforeAll
    static void start() {
        stack = RunningStack.with(
                Map.of("COUNTERSIGN_CASES_PER_SECOND", Integer.toString(PER_SECOND)), "--replicas", "2");
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    private static List<String> sign(String petition, int number, String name, String domain) {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            addresses.add(stack.sign(petition, name + i + "@" + domain, Map.of()));
        }
        return addresses;
    }

    private static String confirmToken(String address) {
        return stack.mails().await(address, 1).token("confirm");
    }

    private static JsonNode organiserPosts(int status, String path, Object body) {
        return ApiClient.require(
                        status,
                        new ApiClient().post(stack.ports().signatureService(), path, body, RunningStack.organiser()))
                .json();
    }

    /** Returns the case, or an empty object while no instance answers. */
    private static JsonNode readCase(String id) {
        try {
            ApiClient.ApiResponse response =
                    new ApiClient().get(stack.ports().signatureService(), "/api/cases/" + id, RunningStack.organiser());
            return response.status() == 200 ? response.json() : JSON.createObjectNode();
        } catch (UserException unreachable) {
            return JSON.createObjectNode();
        }
    }

    private static void awaitState(String id, String state) {
        await().atMost(TIMEOUT)
                .until(() -> readCase(id).path("state").asString("").equals(state));
    }

    private static String open(String petition, Map<String, Object> criteria) {
        return organiserPosts(
                        202,
                        "/api/petitions/" + petition + "/cases",
                        Map.of(
                                "criteria",
                                criteria,
                                "reason",
                                "one catch-all domain",
                                "publicReason",
                                "A program made these signatures."))
                .path("id")
                .asString("");
    }

    private static String history(String petition) {
        return new ApiClient()
                .get(
                        stack.ports().signatureService(),
                        "/api/petitions/" + petition + "/history",
                        RunningStack.auditor())
                .body();
    }

    private static int confirmStatus(String token) {
        return new ApiClient()
                .post(
                        stack.ports().signatureService(),
                        "/api/signatures/verify",
                        Map.of("token", token),
                        Optional.empty())
                .status();
    }

    private static String page(String petition) {
        return new ApiClient()
                .get(stack.ports().signatureService(), "/petitions/" + petition, Optional.empty())
                .body();
    }

    private static void assertThatAuditsPass() {
        for (String audit : List.of("replay", "reconcile", "log")) {
            RunningStack.Ended ended = stack.run("audit", audit);
            assertThat(ended.status()).as(ended.output()).isZero();
        }
    }

    @Test
    void an_organiser_removes_the_signatures_of_a_program_and_undoes_it() {
        String petition = stack.publish(Map.of("slug", "signed-by-bots"));
        List<String> confirmed = new ArrayList<>(sign(petition, HONEST, "person", "people.example"));
        confirmed.addAll(sign(petition, BOTS, "bot", "bots.example"));
        List<String> storedUp = sign(petition, STORED_UP, "later", "bots.example");
        confirmed.forEach(address -> stack.confirm(confirmToken(address)));
        await().atMost(TIMEOUT).until(() -> stack.verified(petition) == HONEST + BOTS);
        String stored = confirmToken(storedUp.get(0));

        Map<String, Object> criteria = Map.of("domains", List.of("bots.example"));
        JsonNode preview =
                organiserPosts(200, "/api/petitions/" + petition + "/cases/preview", Map.of("criteria", criteria));
        assertThat(preview.path("matches").asInt()).isEqualTo(BOTS + STORED_UP);
        assertThat(preview.path("verified").asInt()).isEqualTo(BOTS);
        String id = open(petition, criteria);
        awaitState(id, "done");

        await().atMost(TIMEOUT).until(() -> stack.verified(petition) == HONEST);
        assertThat(confirmStatus(stored)).as("a stored-up confirmation").isEqualTo(409);
        assertThat(stack.funnel(petition).path("invalidated").asInt()).isEqualTo(BOTS + STORED_UP);
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(page(petition))
                        .contains(
                                "Signatures removed from the count on", ": 300.", "A program made these signatures."));
        assertThatAuditsPass();
        assertThat(history(petition).lines().filter(line -> line.contains(id))).hasSize(1 + BOTS + STORED_UP);

        organiserPosts(200, "/api/cases/" + id + "/undo", Map.of());
        awaitState(id, "undone");
        await().atMost(TIMEOUT).until(() -> stack.verified(petition) == HONEST + BOTS);
        stack.confirm(stored);
        await().atMost(TIMEOUT).until(() -> stack.verified(petition) == HONEST + BOTS + 1);
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(page(petition)).contains("and counted again since: 300."));
        assertThatAuditsPass();
    }

    @Test
    void a_case_continues_after_a_crash_of_all_instances_and_invalidates_each_signature_once() {
        String petition = stack.publish(Map.of("slug", "a-crash"));
        sign(petition, BOTS, "crash", "bots.example");
        String id = open(petition, Map.of("domains", List.of("bots.example")));
        await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> readCase(id).path("done").asInt() > 0);
        assertThat(readCase(id).path("done").asInt()).isLessThan(BOTS);
        stack.kill("signature-service");
        await().atMost(TIMEOUT).until(() -> readCase(id).path("done").asInt() == BOTS);
        assertThat(readCase(id).path("invalidated").asInt()).isEqualTo(BOTS);
        await().atMost(TIMEOUT)
                .until(() -> stack.funnel(petition).path("invalidated").asLong() == BOTS);
        Map<String, Long> invalidations = history(petition)
                .lines()
                .map(JSON::readTree)
                .filter(event -> event.path("type").asString("").equals("SignatureInvalidated"))
                .collect(Collectors.groupingBy(event -> event.path("signature").asString(""), Collectors.counting()));
        assertThat(invalidations)
                .hasSize(BOTS)
                .allSatisfy((signature, events) -> assertThat(events).isEqualTo(1));
        awaitState(id, "done");
        assertThatAuditsPass();
    }
}
