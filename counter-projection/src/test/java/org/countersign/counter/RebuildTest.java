package org.countersign.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.countersign.events.MilestoneReached;
import org.countersign.events.PetitionSlug;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RebuildTest extends RunningCounter {

    @Autowired
    private DataSource connections;

    @Test
    void a_rebuild_corrects_wrong_counts_while_people_sign() throws Exception {
        PetitionSlug petition = petition(List.of(2L), 1000);
        for (int i = 0; i < 3; i++) {
            Signer.of(petition, "AM").signs().verifies(1);
        }
        awaitCounted();
        await().atMost(PATIENCE).until(() -> published(petition).size() == 1);
        database.sql("update country_count set verified = 5 where petition = ?")
                .param(petition.value())
                .update();
        database.sql("delete from minute_count where petition = ?")
                .param(petition.value())
                .update();
        database.sql(
                        "insert into petition_count select 'never-was', verified, pending, withdrawn, expired, invalidated, "
                                + "goal, own_milestones, last_milestone, as_of_index, public_position + 1, as_of "
                                + "from petition_count where petition = ?")
                .param(petition.value())
                .update();
        await().atMost(PATIENCE)
                .until(() -> get("/api/petitions/never-was/counts").status() == 200);

        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Long> signers = CompletableFuture.supplyAsync(() -> signUntil(done, petition));
        CompletableFuture<List<JsonNode>> reader = CompletableFuture.supplyAsync(() -> readUntil(done, petition));
        List<JsonNode> lines = rebuild();
        done.set(true);

        JsonNode end = lines.get(lines.size() - 1);
        assertThat(end.get("is").asString()).isEqualTo("end");
        assertThat(lines)
                .filteredOn(line -> line.get("is").asString().equals("changed"))
                .extracting(line -> line.get("petition").asString() + ", "
                        + line.get("what").asString())
                .contains(
                        petition + ", verified in AM",
                        petition + ", signed in the minute 2030-05-01T12:00Z",
                        "never-was, verified");
        long verified = 3 + signers.get();
        awaitCounted();
        await().atMost(PATIENCE).until(() -> count(petition, "verified") == verified);
        await().atMost(PATIENCE)
                .until(() -> get("/api/petitions/never-was/counts").status() == 404);
        assertThat(get("/api/petitions/" + petition + "/counts/countries")
                        .json()
                        .get(0)
                        .get("verified")
                        .asLong())
                .isEqualTo(verified);
        assertThat(get("/api/petitions/" + petition + "/counts/history?bucket=day")
                        .json()
                        .get(0)
                        .get("total")
                        .asLong())
                .isEqualTo(verified);
        assertThat(published(petition)).as("times the milestone was told").hasSize(1);
        assertThat(reader.get())
                .as("counts that were read meanwhile")
                .hasSizeGreaterThan(1)
                .isSortedAccordingTo((one, other) -> Long.compare(
                        one.get("verified").asLong(), other.get("verified").asLong()));
        assertThat(rebuild())
                .extracting(line -> line.get("is").asString())
                .doesNotContain("changed")
                .contains("end");
    }

    private static long signUntil(AtomicBoolean done, PetitionSlug petition) {
        long signed = 0;
        while (!done.get()) {
            Signer.of(petition, "AM").signs().verifies(1);
            signed++;
        }
        return signed;
    }

    private List<JsonNode> readUntil(AtomicBoolean done, PetitionSlug petition) {
        List<JsonNode> read = new ArrayList<>();
        while (!done.get()) {
            HttpProbe.Response answer = get("/api/petitions/" + petition + "/counts");
            assertThat(answer.status()).isEqualTo(200);
            read.add(answer.json());
        }
        return read;
    }

    private List<JsonNode> rebuild() {
        HttpProbe.Response answer = post("/api/rebuild", "organiser", ORGANISER_PASSWORD);
        assertThat(answer.status()).isEqualTo(200);
        return answer.body().lines().map(JsonMapper.shared()::readTree).toList();
    }

    @Test
    void a_milestone_nobody_was_told_of_because_the_counts_were_wrong_is_told() {
        PetitionSlug petition = petition(List.of(1L), 1000);
        long first = Signer.of(petition, "AM").signs().verifies(1);
        awaitCounted();
        await().atMost(PATIENCE).until(() -> published(petition).size() == 1);
        database.sql("delete from milestone where petition = ?")
                .param(petition.value())
                .update();
        rebuild();
        await().atMost(PATIENCE).until(() -> published(petition).size() == 2);
        assertThat(published(petition)).extracting(MilestoneReached::reachedBy).containsOnly(first);
    }

    @Test
    void one_rebuild_goes_on_at_a_time() throws SQLException {
        try (Connection other = connections.getConnection()) {
            other.createStatement().execute("select pg_advisory_lock(%d)".formatted(0x436f756e746572L));
            assertThat(rebuild())
                    .singleElement()
                    .satisfies(
                            line -> assertThat(line.get("reason").asString()).contains("Another rebuild is running"));
            other.createStatement().execute("select pg_advisory_unlock(%d)".formatted(0x436f756e746572L));
        }
    }

    @Test
    void what_kafka_lacks_is_said_and_what_is_shown_stays() {
        PetitionSlug petition = petition(List.of(), 1000);
        awaitCounted();
        database.sql("update position set global_index = global_index + 1000000")
                .update();
        try {
            JsonNode failed = rebuild().stream().reduce((one, next) -> next).orElseThrow();
            assertThat(failed.get("is").asString()).isEqualTo("failed");
            assertThat(failed.get("reason").asString())
                    .contains("Event %,d was counted, and Kafka does not have it".formatted(lastIndex() + 1));
            assertThat(count(petition, "verified")).isZero();
        } finally {
            database.sql("update position set global_index = global_index - 1000000")
                    .update();
        }
    }

    @Test
    void a_few_read_everything_at_a_time_and_the_next_is_told_to_come_back() throws SQLException {
        List<CompletableFuture<HttpProbe.Response>> readers;
        try (Connection other = connections.getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute("lock table milestone in access exclusive mode");
            readers = IntStream.range(0, 3)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> snapshot()))
                    .toList();
            await().atMost(PATIENCE)
                    // Only the role of the service sees its own queries.
                    .until(() -> JdbcClient.create(connections)
                                    .sql(
                                            "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%from milestone'")
                                    .query(Long.class)
                                    .single()
                            == 3);
            HttpProbe.Response next = snapshot();
            assertThat(next.status()).isEqualTo(503);
            assertThat(next.headers().firstValue("Retry-After")).isPresent();
            other.rollback();
        }
        assertThat(readers)
                .allSatisfy(reader -> assertThat(reader.join().body()).endsWith("{\"is\":\"end\"}\n"));
        assertThat(snapshot().status()).isEqualTo(200);
    }

    @Test
    void only_the_organiser_may() {
        assertThat(post("/api/rebuild", "organiser", "a guess").status()).isEqualTo(401);
        HttpProbe.Response anonymous = post("/api/rebuild", null, null);
        assertThat(anonymous.status()).isEqualTo(401);
        assertThat(anonymous.json().get("detail").asString()).contains("organiser");
        assertThat(get("/api/petitions/no-such/counts").status()).isEqualTo(404);
    }
}
