package org.countersign.signature.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.countersign.signature.RunningService;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What an audit answers while it has no counter; with one and with tampering it is shown on the whole stack. */
class AuditTest extends RunningService {

    private List<JsonNode> audit(String path) {
        return get("/api/audit/" + path, as(AUDITOR))
                .body()
                .lines()
                .map(JSON::readTree)
                .toList();
    }

    private static JsonNode last(List<JsonNode> lines) {
        return lines.get(lines.size() - 1);
    }

    @Test
    void a_replay_from_the_store_and_one_from_kafka_make_the_same_counts() {
        String petition = publishedPetition();
        sign(petition, "sona@audit.example");
        String signature = onlySignature(petition);
        withToken("verify", mailData(signature, 1).confirmToken());
        sign(petition, "ani@audit.example");
        List<JsonNode> fromStore = audit("replay?petition=" + petition);
        assertThat(fromStore.get(0).get("verified").asLong()).isEqualTo(1);
        assertThat(fromStore.get(0).get("pending").asLong()).isEqualTo(1);
        assertThat(fromStore.get(0).get("lastMilestone").isNull()).isTrue();
        assertThat(last(fromStore).get("is").asString()).isEqualTo("end");
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        audit("replay?from=kafka&petition=" + petition).get(0).equals(fromStore.get(0)));
        assertThat(audit("replay")).anyMatch(line -> line.equals(fromStore.get(0)));
    }

    @Test
    void a_history_with_a_gap_is_not_replayed_over_it() {
        String petition = publishedPetition();
        sign(petition, "sona@gap.example");
        sign(petition, "ani@gap.example");
        long missing = database.sql("select max(global_index) - 1 from event")
                .query(Long.class)
                .single();
        database.sql("create table kept as select * from event where global_index = ?")
                .param(missing)
                .update();
        database.sql("delete from event where global_index = ?").param(missing).update();
        try {
            JsonNode failed = last(audit("replay"));
            assertThat(failed.get("is").asString()).isEqualTo("failed");
            assertThat(failed.get("reason").asString()).isEqualTo("event " + missing + " is missing");
        } finally {
            database.sql("insert into event select * from kept").update();
            database.sql("drop table kept").update();
        }
    }

    @Test
    void without_a_counter_nothing_is_said_of_differences() {
        JsonNode failed = last(audit("reconcile"));
        assertThat(failed.get("is").asString()).isEqualTo("failed");
        assertThat(failed.get("reason").asString()).contains("counter");
    }

    @Test
    void only_an_auditor_may_ask_and_is_told_of_mistakes() {
        for (String path : List.of("/api/audit/replay", "/api/audit/reconcile")) {
            assertThat(get(path).status()).isEqualTo(401);
            assertThat(get(path, as(ORGANISER)).status()).isEqualTo(403);
        }
        assertThat(get("/api/audit/replay?from=hearsay", as(AUDITOR)).status()).isEqualTo(422);
        assertThat(get("/api/audit/replay?at=yesterday", as(AUDITOR)).status()).isEqualTo(422);
        assertThat(get("/api/audit/replay?petition=nowhere", as(AUDITOR)).status())
                .isEqualTo(404);
    }
}
