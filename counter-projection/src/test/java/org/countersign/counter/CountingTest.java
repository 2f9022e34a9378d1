package org.countersign.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.countersign.events.CountryCode;
import org.countersign.events.MilestoneReached;
import org.countersign.events.PetitionClosed;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.RecordMac;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignatureVerified;
import org.countersign.events.Topics;
import org.countersign.testkit.HttpProbe;
import org.countersign.testkit.ManagementPort;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CountingTest extends RunningCounter {

    @Autowired
    private SmartLifecycle counter;

    @Test
    void counts_who_has_signed_confirmed_and_withdrawn_by_country_and_minute() {
        PetitionSlug petition = petition(List.of(), 100);
        Signer.of(petition, "AM").signs().verifies(1);
        Signer.of(petition, "AM").signs().verifies(1);
        Signer.of(petition, "DE").signs().verifies(1);
        Signer.of(petition, "FR").signs();
        Signer gone = Signer.of(petition, "DE").signs();
        gone.verifies(1);
        gone.withdraws(1);
        awaitCounted();
        await().atMost(PATIENCE).until(() -> count(petition, "verified") == 3 && withdrawalIsShown(petition));

        JsonNode counts = get("/api/petitions/" + petition + "/counts").json();
        assertThat(counts.propertyNames())
                .containsExactly("petition", "verified", "goal", "nextMilestone", "lastMilestone", "asOf", "position");
        assertThat(counts.get("verified").asLong()).isEqualTo(3);
        assertThat(counts.get("nextMilestone").asLong()).isEqualTo(10);
        assertThat(counts.get("lastMilestone").isNull()).isTrue();
        assertThat(counts.get("asOf").asString()).isEqualTo("2030-05-01T12:00:30Z");
        assertThat(get("/api/petitions/" + petition + "/counts/countries").json())
                .isEqualTo(JsonMapper.shared()
                        .readTree("[{\"country\":\"AM\",\"verified\":2},{\"country\":\"DE\",\"verified\":1}]"));
        for (Map.Entry<String, String> start : Map.of(
                        "minute", "2030-05-01T12:00:00Z", "hour", "2030-05-01T12:00:00Z", "day", "2030-05-01T00:00:00Z")
                .entrySet()) {
            assertThat(get("/api/petitions/" + petition + "/counts/history?bucket=" + start.getKey())
                            .json())
                    .isEqualTo(JsonMapper.shared()
                            .readTree("[{\"start\":\"%s\",\"verified\":3,\"total\":3}]".formatted(start.getValue())));
        }
        assertThat(get("/api/petitions/" + petition + "/counts/history?bucket=week")
                        .status())
                .isEqualTo(422);
        assertThat(get("/api/petitions/" + petition + "/counts/history?from=yesterday")
                        .status())
                .isEqualTo(422);
        assertThat(get("/api/petitions/no-such/counts").status()).isEqualTo(404);
        assertThat(get("/api/petitions/no-such/counts/stream").status()).isEqualTo(404);
    }

    /** The counts of three confirmations may be those before the fourth and its withdrawal. */
    private boolean withdrawalIsShown(PetitionSlug petition) {
        return count(petition, "position")
                == database.sql("select public_position from petition_count where petition = ?")
                        .param(petition.value())
                        .query(Long.class)
                        .single();
    }

    @Test
    void projects_the_next_milestone_from_the_growth_rate() {
        PetitionSlug petition = petition(List.of(), 100);
        JsonNode still =
                get("/api/petitions/" + awaited(petition, 0) + "/counts/pace").json();
        assertThat(still.get("lastDay").asLong()).isZero();
        assertThat(still.get("projectedAt").isNull()).isTrue();
        Instant now = Instant.now();
        for (Duration ago : List.of(
                Duration.ofDays(2),
                Duration.ofHours(20),
                Duration.ofMinutes(50),
                Duration.ofMinutes(10),
                Duration.ZERO)) {
            Signer signer = Signer.of(petition, "AM");
            happens(new PetitionSigned(
                    signer.id(),
                    petition,
                    now.minus(ago),
                    1,
                    signer.country(),
                    SignatureStatus.NONE,
                    false,
                    false,
                    new Sealed(new byte[] {1})));
            happens(new SignatureVerified(
                    signer.id(), petition, now.minus(ago), 1, signer.country(), false, RunningCounter.SIGNED));
        }
        HttpProbe.Response answer = get("/api/petitions/" + awaited(petition, 5) + "/counts/pace");
        JsonNode pace = answer.json();
        assertThat(pace.get("lastHour").asLong()).isEqualTo(3);
        assertThat(pace.get("lastDay").asLong()).isEqualTo(4);
        assertThat(pace.get("perHour").asDouble()).isEqualTo(8);
        assertThat(pace.get("nextMilestone").asLong()).isEqualTo(10);
        assertThat(Instant.parse(pace.get("projectedAt").asString()))
                .isBetween(now.plus(Duration.ofMinutes(37)), now.plus(Duration.ofMinutes(42)));
        assertThat(answer.headers().firstValue("Cache-Control").orElseThrow()).contains("max-age=5");
        assertThat(get("/api/petitions/no-such/counts/pace").status()).isEqualTo(404);
    }

    private PetitionSlug awaited(PetitionSlug petition, long verified) {
        await().atMost(PATIENCE).until(() -> count(petition, "verified") == verified);
        return petition;
    }

    @Test
    void a_milestone_is_reached_once_for_ever_and_at_the_event_that_crossed_it() {
        PetitionSlug petition = petition(List.of(3L, 5L), 5);
        awaitCounted();
        long published = publicPosition();
        List<Signer> signers = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            signers.add(Signer.of(petition, "AM").signs());
            signers.get(i - 1).verifies(1);
        }
        signers.get(0).withdraws(1);
        signers.get(0).signs(SignatureStatus.WITHDRAWN, 2).verifies(2);
        for (int i = 4; i <= 10; i++) {
            Signer.of(petition, "AM").signs().verifies(1);
        }
        awaitCounted();
        // Three confirmations, then the milestone. A withdrawal and three more confirmations, then the next one.
        long third = published + 4;
        long fifth = published + 9;
        JsonNode newest = get("/api/milestones").json().get(0);
        assertThat(newest.get("petition").asString()).isEqualTo(petition.value());
        assertThat(get("/api/petitions/" + petition + "/milestones").json())
                .isEqualTo(JsonMapper.shared().readTree("""
                [{"threshold":3,"reachedAt":"2030-05-01T12:00:30Z","index":%d},{"threshold":5,"reachedAt":"2030-05-01T12:00:30Z","index":%d}]""".formatted(third, fifth)));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(published(petition))
                        .extracting(MilestoneReached::threshold)
                        .containsExactly(3L, 5L));
        await().atMost(PATIENCE).until(() -> count(petition, "verified") == 10);
        assertThat(get("/api/petitions/" + petition + "/counts")
                        .json()
                        .get("nextMilestone")
                        .isNull())
                .isTrue();
    }

    @Test
    void a_restart_and_records_that_come_twice_change_nothing() {
        PetitionSlug petition = petition(List.of(), 100);
        Signer signer = Signer.of(petition, "AM").signs();
        long verified = signer.verifies(1);
        awaitCounted();
        publish(
                new SignatureVerified(signer.id(), petition, NOON, 1, signer.country(), false, RunningCounter.SIGNED),
                verified);
        counter.stop();
        Signer.of(petition, "DE").signs().verifies(1);
        counter.start();
        awaitCounted();
        await().atMost(PATIENCE).until(() -> count(petition, "verified") == 2);
    }

    @Test
    void an_unreadable_record_is_passed_over_and_noted() {
        PetitionSlug petition = petition(List.of(), 100);
        long before = unreadable();
        publishRaw(new ProducerRecord<>(Topics.SIGNATURE_EVENTS, 0, "key".getBytes(), "no event".getBytes()));
        publishRaw(new ProducerRecord<>(Topics.PETITION_EVENTS, 0, null, null));
        Signer.of(petition, "AM").signs().verifies(1);
        awaitCounted();
        await().atMost(PATIENCE).until(() -> count(petition, "verified") == 1);
        assertThat(unreadable()).isEqualTo(before + 2);
        assertThat(management().get("/actuator/prometheus").body())
                .contains(
                        "countersign_counter_unreadable_total",
                        "countersign_counter_lag_events",
                        "countersign_counter_events_total");
        assertThat(management().get("/actuator/health/authenticity").body()).contains("DEGRADED");
    }

    private long unreadable() {
        return database.sql("select count(*) from unreadable_record")
                .query(Long.class)
                .single();
    }

    @Test
    void forged_records_are_not_counted_and_counting_goes_on() {
        PetitionSlug petition = petition(List.of(), 100);
        awaitCounted();
        long before = unreadable();
        SignatureId invented = new SignatureId(UUID.randomUUID());
        SignatureVerified vote =
                new SignatureVerified(invented, petition, NOON, 1, new CountryCode("AM"), false, SIGNED);
        // At the next index, and at one in the future: without a MAC, and with one of another key.
        publishForged(vote, lastIndex() + 1, RecordMac.HEADER, new byte[0]);
        publishForged(vote, lastIndex() + 1_000_000, RecordMac.HEADER, "AQAAAAAAAAAAAAAAAAAAAAA=".getBytes());
        // Genuine, but of a petition that nobody published.
        happens(new SignatureVerified(
                invented, new PetitionSlug("never-published"), NOON, 1, new CountryCode("AM"), false, SIGNED));
        Signer.of(petition, "AM").signs().verifies(1);
        awaitCounted();
        await().atMost(PATIENCE).until(() -> count(petition, "verified") == 1);
        assertThat(unreadable()).isEqualTo(before + 3);
    }

    @Test
    void a_genuine_record_with_one_changed_attribute_is_not_counted() {
        PetitionSlug petition = petition(List.of(), 100);
        PetitionSlug other = petition(List.of(), 100);
        Signer.of(petition, "AM").signs().verifies(1);
        awaitCounted();
        long before = unreadable();
        SignatureVerified vote = new SignatureVerified(
                new SignatureId(UUID.randomUUID()), petition, NOON, 1, new CountryCode("AM"), false, SIGNED);
        for (String header : List.of("ce_index", "ce_id", "ce_type", "ce_time", "ce_petition", "ce_subject")) {
            byte[] value = header.equals("ce_petition") ? other.value().getBytes() : "7".getBytes();
            publishForged(vote, lastIndex() + 1, header, value);
        }
        Signer.of(petition, "AM").signs().verifies(1);
        awaitCounted();
        await().atMost(PATIENCE).until(() -> count(petition, "verified") == 2);
        assertThat(unreadable()).isEqualTo(before + 6);
    }

    @Test
    void counts_have_an_etag_and_only_our_pages_may_read_them() {
        PetitionSlug petition = petition(List.of(), 100);
        await().atMost(PATIENCE).until(() -> count(petition, "verified") == 0);
        HttpProbe.Response first = get("/api/petitions/" + petition + "/counts", "Origin", "http://localhost:8080");
        String tag = first.headers().firstValue("ETag").orElseThrow();
        assertThat(first.headers().firstValue("Cache-Control").orElseThrow()).contains("max-age=1");
        assertThat(first.headers().firstValue("Access-Control-Allow-Origin")).contains("http://localhost:8080");
        assertThat(get("/api/petitions/" + petition + "/counts", "If-None-Match", tag)
                        .status())
                .isEqualTo(304);
        assertThat(get("/api/petitions/" + petition + "/counts", "Origin", "https://elsewhere.example")
                        .status())
                .isEqualTo(403);
        happens(new PetitionClosed(petition, NOON));
        await().atMost(PATIENCE)
                .until(() -> get("/api/petitions/" + petition + "/counts", "If-None-Match", tag)
                                .status()
                        == 200);
    }

    @Test
    void health_and_api_description_are_there() {
        await().atMost(PATIENCE)
                .until(() -> management()
                        .get("/actuator/health/readiness")
                        .json()
                        .get("status")
                        .asString()
                        .equals("UP"));
        assertThat(management().get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(management().get("/v3/api-docs").json().get("paths").propertyNames())
                .contains("/api/petitions/{petition}/counts", "/api/petitions/{petition}/counts/stream");
    }

    @Test
    void the_public_port_does_not_serve_the_management_port() {
        assertThat(ManagementPort.servedOn(fanOut.port())).isEmpty();
    }

    private JsonNode changedCounts(long generation, String after) {
        return management()
                .get(
                        "/internal/counts?generation=" + generation + "&after=" + after,
                        "Authorization",
                        "Bearer " + INTERNAL_PASSWORD)
                .json();
    }

    private static List<String> petitions(JsonNode counts) {
        return counts.get("counts")
                .valueStream()
                .map(count -> count.get("petition").asString())
                .toList();
    }

    @Test
    void the_signature_service_asks_only_for_counts_that_have_changed() {
        PetitionSlug before = petition(List.of(), 100);
        awaited(before, 0);
        JsonNode all = changedCounts(-1, "-1");
        long generation = all.get("generation").asLong();
        assertThat(petitions(all)).contains(before.value());
        assertThat(all.get("more").asBoolean()).isFalse();
        PetitionSlug after = petition(List.of(), 100);
        awaited(after, 0);
        JsonNode changed = changedCounts(generation, all.get("position").asString());
        assertThat(petitions(changed)).contains(after.value()).doesNotContain(before.value());
        assertThat(petitions(changedCounts(generation, changed.get("position").asString())))
                .doesNotContain(after.value());
        assertThat(petitions(
                        changedCounts(generation + 1, changed.get("position").asString())))
                .contains(before.value(), after.value());
        assertThat(petitions(changedCounts(generation, "x"))).contains(before.value());
    }

    @Test
    void all_but_health_metrics_and_api_description_need_the_secret() {
        assertThat(ManagementPort.withoutSecret(managementPort, "GET /internal/snapshot", "GET /internal/counts"))
                .isEmpty();
        assertThat(snapshot().body()).endsWith("{\"is\":\"end\"}\n");
    }
}
