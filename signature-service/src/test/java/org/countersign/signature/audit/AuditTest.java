package org.countersign.signature.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.countersign.signature.RunningService;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Audits without a counter. AuditIT covers the counter and manipulated data. */
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
    void replays_from_store_and_kafka_give_the_same_counts() {
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
    void a_replay_fails_at_a_gap_in_the_history() {
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
    void a_reconciliation_without_a_counter_fails() {
        JsonNode failed = last(audit("reconcile"));
        assertThat(failed.get("is").asString()).isEqualTo("failed");
        assertThat(failed.get("reason").asString()).contains("counter");
    }

    @Test
    void only_auditors_run_audits_and_invalid_parameters_are_rejected() {
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
