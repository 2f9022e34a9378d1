package org.countersign.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.countersign.events.MilestoneReached;
import org.countersign.events.PetitionSigned;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.testkit.HttpProbe;
import org.countersign.testkit.ManagementPort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Retries, access and personal data of deliveries. */
class DeliveriesTest extends RunningNotifier {

    @Test
    void a_permanent_rejection_is_parked_and_a_temporary_one_is_retried() {
        published();
        signs(signer("unknown@example.org"));
        signs(signer("later@example.org"));
        SignatureId erased = new SignatureId(UUID.randomUUID());
        happens(new PetitionSigned(
                erased, petition, NOON, 1, COUNTRY, SignatureStatus.NONE, false, true, new Sealed(new byte[] {1})));
        mail("later@", 1);
        await().atMost(TIMEOUT)
                .until(() -> deliveries("&state=parked").size() == 1
                        && deliveries("&state=dropped").size() == 1);
        JsonNode parked = deliveries("&state=parked").get(0);
        assertThat(parked.get("recipient").asString()).isEqualTo("u…@e….org");
        assertThat(parked.get("error").asString()).contains("550").doesNotContain("unknown@example.org");
        await().atMost(TIMEOUT)
                .until(() -> deliveries("&state=sent").size() == 1
                        && deliveries("&state=sent").get(0).get("attempts").asInt() == 2);

        String id = parked.get("id").asString();
        assertThat(call("POST", "/api/deliveries/" + id + "/retry", "").statusCode())
                .isEqualTo(200);
        await().atMost(TIMEOUT).until(() -> deliveries("&state=parked").size() == 1);
        assertThat(call("POST", "/api/deliveries/" + UUID.randomUUID() + "/retry", "")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void mails_wait_for_an_unavailable_mail_server() {
        published();
        mailsTo("nobody@");
        smtp.stop();
        try {
            signs(signer("patient@example.org"));
            await().atMost(TIMEOUT).until(() -> readiness().contains("DEGRADED"));
            await().atMost(TIMEOUT).until(() -> deliveries("").size() == 1);
            assertThat(deliveries("").get(0).get("state").asString()).isEqualTo("planned");
        } finally {
            smtp = startSmtp();
        }
        mail("patient@", 1);
        await().atMost(TIMEOUT).until(() -> readiness().contains("\"status\":\"UP\"}"));
    }

    private String readiness() {
        return new HttpProbe(managementPort).get("/actuator/health/readiness").body();
    }

    @Test
    void the_public_port_does_not_serve_the_management_port() {
        assertThat(ManagementPort.servedOn(port)).isEmpty();
        assertThat(ManagementPort.withoutSecret(managementPort, "GET /internal/nothing"))
                .isEmpty();
    }

    @Test
    void only_the_organiser_sees_deliveries_and_webhooks() throws Exception {
        for (String path : List.of("/api/deliveries", "/api/webhooks")) {
            assertThat(HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(401);
        }
        assertThat(call("GET", "/api/deliveries?state=nonsense", "").statusCode())
                .isEqualTo(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "confirm:1", "update:more-trees:500:4711", "ü"})
    void sql_and_java_derive_the_same_id_from_a_purpose(String purpose) {
        assertThat(database.sql("select delivery_id(?)")
                        .param(purpose)
                        .query(UUID.class)
                        .single())
                .isEqualTo(Delivery.idFor(purpose));
    }

    @Test
    void no_address_is_stored_in_clear() {
        published();
        signs(signer("zabel.zyxwvut@qwertz.example"));
        mail("zabel.zyxwvut@", 1);
        await().atMost(TIMEOUT).until(() -> deliveries("&state=sent").size() == 1);
        for (String table : database.sql("select tablename from pg_tables where schemaname = 'public'")
                .query(String.class)
                .list()) {
            assertThat(database.sql("select coalesce(string_agg(t::text, ' '), '') from " + table + " t")
                            .query(String.class)
                            .single())
                    .as(table)
                    .doesNotContain("zyxwvut")
                    .doesNotContain("qwertz")
                    .doesNotContain("Sona");
        }
    }

    @Test
    void a_forged_record_causes_no_mail_and_is_noted() {
        published();
        SignatureId victim = signer("victim@example.org");
        PetitionSigned invented = new PetitionSigned(
                victim, petition, NOON, 1, COUNTRY, SignatureStatus.NONE, false, true, new Sealed(new byte[] {1}));
        long before = unreadable();
        publishForged(invented);
        publishForged(new MilestoneReached(petition, NOON, 50, 100, 1));
        SignatureId sona = signer("sona@forged.example");
        signs(sona);
        mail("sona@forged.example", 1);
        await().atMost(TIMEOUT).until(() -> unreadable() == before + 2);
        assertThat(mailsTo("victim@example.org")).isEmpty();
        assertThat(deliveries(""))
                .noneMatch(delivery -> delivery.get("kind").asString().equals("milestone"));
    }

    private long unreadable() {
        return database.sql("select count(*) from unreadable_record")
                .query(Long.class)
                .single();
    }
}
