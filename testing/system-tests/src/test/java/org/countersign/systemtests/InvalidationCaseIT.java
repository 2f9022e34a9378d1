package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.localstack.client.ApiClient;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A program signs with the addresses of one domain. The organiser removes its signatures, and undoes that. */
class InvalidationCaseIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(4);
    private static final int HONEST = 100;
    private static final int BOTS = 300;
    private static final int STORED_UP = 20;

    private final RunningStack stack = RunningStack.shared();
    private final String petition = stack.publish(Map.of("slug", "signed-by-bots"));

    private List<String> sign(int number, String name, String domain) {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            addresses.add(stack.sign(petition, name + i + "@" + domain, Map.of()));
        }
        return addresses;
    }

    private String confirmToken(String address) {
        return stack.mails().await(address, 1).token("confirm");
    }

    private JsonNode organiserPosts(int status, String path, Object body) {
        return ApiClient.require(
                        status,
                        new ApiClient().post(stack.ports().signatureService(), path, body, RunningStack.organiser()))
                .json();
    }

    private void awaitState(String id, String state) {
        await().atMost(TIMEOUT)
                .until(() -> new ApiClient()
                        .get(stack.ports().signatureService(), "/api/cases/" + id, RunningStack.organiser())
                        .json()
                        .path("state")
                        .asString("")
                        .equals(state));
    }

    private int confirmStatus(String token) {
        return new ApiClient()
                .post(
                        stack.ports().signatureService(),
                        "/api/signatures/verify",
                        Map.of("token", token),
                        Optional.empty())
                .status();
    }

    private String page() {
        return new ApiClient()
                .get(stack.ports().signatureService(), "/petitions/" + petition, Optional.empty())
                .body();
    }

    private void assertThatAuditsPass() {
        for (String audit : List.of("replay", "reconcile", "log")) {
            RunningStack.Ended ended = stack.run("audit", audit);
            assertThat(ended.status()).as(ended.output()).isZero();
        }
    }

    @Test
    void an_organiser_removes_the_signatures_of_a_program_and_undoes_it() {
        List<String> confirmed = new ArrayList<>(sign(HONEST, "person", "people.example"));
        confirmed.addAll(sign(BOTS, "bot", "bots.example"));
        List<String> storedUp = sign(STORED_UP, "later", "bots.example");
        confirmed.forEach(address -> stack.confirm(confirmToken(address)));
        await().atMost(TIMEOUT).until(() -> stack.verified(petition) == HONEST + BOTS);
        String stored = confirmToken(storedUp.get(0));

        Map<String, Object> criteria = Map.of("domains", List.of("bots.example"));
        String cases = "/api/petitions/" + petition + "/cases";
        JsonNode preview = organiserPosts(200, cases + "/preview", Map.of("criteria", criteria));
        assertThat(preview.path("matches").asInt()).isEqualTo(BOTS + STORED_UP);
        assertThat(preview.path("verified").asInt()).isEqualTo(BOTS);
        String id = organiserPosts(
                        202,
                        cases,
                        Map.of(
                                "criteria",
                                criteria,
                                "reason",
                                "one catch-all domain",
                                "publicReason",
                                "A program made these signatures."))
                .path("id")
                .asString("");
        awaitState(id, "done");

        await().atMost(TIMEOUT).until(() -> stack.verified(petition) == HONEST);
        assertThat(confirmStatus(stored)).as("a stored-up confirmation").isEqualTo(409);
        assertThat(stack.funnel(petition).path("invalidated").asInt()).isEqualTo(BOTS + STORED_UP);
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(page())
                        .contains(
                                "Signatures removed from the count on", ": 300.", "A program made these signatures."));
        assertThatAuditsPass();
        assertThat(new ApiClient()
                        .get(
                                stack.ports().signatureService(),
                                "/api/petitions/" + petition + "/history",
                                RunningStack.auditor())
                        .body()
                        .lines()
                        .filter(line -> line.contains(id)))
                .hasSize(1 + BOTS + STORED_UP);

        organiserPosts(200, "/api/cases/" + id + "/undo", Map.of());
        awaitState(id, "undone");
        await().atMost(TIMEOUT).until(() -> stack.verified(petition) == HONEST + BOTS);
        stack.confirm(stored);
        await().atMost(TIMEOUT).until(() -> stack.verified(petition) == HONEST + BOTS + 1);
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(page()).contains("and counted again since: 300."));
        assertThatAuditsPass();
    }
}
