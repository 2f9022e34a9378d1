package org.countersign.signature.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.countersign.signature.RunningService;
import org.countersign.signature.application.AlertForm;
import org.countersign.signature.application.Alerts;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** The organiser adds alerts for recipients, and recipients stop them. */
class AlertsOverHttpTest extends RunningService {

    @Autowired
    private Alerts alerts;

    private String petition;
    private String path;

    @BeforeEach
    void publish() {
        petition = publishedPetition();
        path = "/api/petitions/" + petition + "/alerts";
    }

    private HttpProbe.Response request(String email, Map<String, Object> more) {
        Map<String, Object> form = new HashMap<>(Map.of("name", "Mia Mayor", "email", email));
        form.putAll(more);
        return post(path, JSON.writeValueAsString(form), as(ORGANISER));
    }

    private JsonNode told() {
        return get(path, as(ORGANISER)).json();
    }

    private TestMail mailDataOf(String alert) {
        return mailData("{\"petition\":\"any\",\"round\":0,\"alert\":\"" + alert + "\"}");
    }

    private HttpProbe.Response delete(String path, String... headers) {
        return send(HttpRequest.newBuilder(uri(path)).DELETE(), headers);
    }

    private HttpProbe.Response pressButton(String token) {
        return send(HttpRequest.newBuilder(uri("/stop-alert"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("token=" + token)));
    }

    private List<String> history() {
        return get("/api/petitions/" + petition + "/history", as(AUDITOR))
                .body()
                .lines()
                .toList();
    }

    private long secrets(String alert) {
        return database.sql("select count(*) from stream_event where stream = cast(? as uuid) and secret is not null")
                .param(alert)
                .query(Long.class)
                .single();
    }

    @Test
    void an_alert_has_the_milestones_that_the_organiser_chose() {
        HttpProbe.Response created =
                request("mayor@town.example", Map.of("milestones", List.of(100, 10), "language", "hy"));
        assertThat(created.status()).isEqualTo(201);
        String id = created.json().get("id").asString();
        assertThat(created.headers().firstValue("Location")).contains(path + "/" + id);
        assertThat(created.json().get("milestones").toString()).isEqualTo("[10,100]");
        assertThat(told()).hasSize(1);
        assertThat(told().get(0)).isEqualTo(created.json());
        JsonNode data = mailDataOf(id).data();
        assertThat(data.get("name").asString()).isEqualTo("Mia Mayor");
        assertThat(data.get("email").asString()).isEqualTo("mayor@town.example");
        assertThat(data.get("language").asString()).isEqualTo("hy");
        assertThat(data.get("links").propertyNames())
                .containsExactlyInAnyOrder("petition", "unsubscribe", "neverWrite");
        assertThat(history())
                .last()
                .satisfies(event ->
                        assertThat(event).contains("AlertRequested", "[10,100]").doesNotContain("mayor@", "Mia"));
    }

    @Test
    void a_second_alert_for_the_same_mailbox_replaces_the_first() {
        String first = request("mayor@town.example", Map.of("milestones", List.of(10)))
                .json()
                .get("id")
                .asString();
        HttpProbe.Response again = request("Mayor+petitions@town.example", Map.of());
        assertThat(again.json().get("id").asString()).isEqualTo(first);
        assertThat(told()).hasSize(1);
        assertThat(told().get(0).get("milestones")).isEmpty();
        assertThat(told().get(0).get("language").asString())
                .as("the petition's")
                .isEqualTo("en");
        assertThat(mailDataOf(first).get("email").asString()).isEqualTo("Mayor+petitions@town.example");
    }

    @Test
    void invalid_fields_are_named() {
        HttpProbe.Response wrong =
                post(path, "{\"email\":\"nobody\",\"language\":\"x y\",\"milestones\":[7]}", as(ORGANISER));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.json()
                        .get("errors")
                        .valueStream()
                        .map(error -> error.get("field").asString()))
                .containsExactly("name", "email", "language", "milestones");
        assertThat(wrong.body()).contains("must be milestones of this petition, such as 10, 50, 100, 250, 500, 1000");
        for (String milestones : List.of("[null]", "[0]", "[-1]", "[10,11]")) {
            assertThat(post(
                                    path,
                                    "{\"name\":\"Mia\",\"email\":\"mia@town.example\",\"milestones\":" + milestones
                                            + "}",
                                    as(ORGANISER))
                            .status())
                    .as(milestones)
                    .isEqualTo(422);
        }
        assertThat(post("/api/petitions/no-such-petition/alerts", "{}", as(ORGANISER))
                        .status())
                .isEqualTo(404);
        assertThat(told()).isEmpty();
    }

    @Test
    void stopping_an_alert_erases_the_name_of_the_recipient() {
        String id = request("mayor@town.example", Map.of()).json().get("id").asString();
        request("mayor@town.example", Map.of());
        assertThat(secrets(id)).isEqualTo(2);
        assertThat(delete(path + "/" + UUID.randomUUID(), as(ORGANISER)).status())
                .isEqualTo(404);
        assertThat(delete("/api/petitions/" + publishedPetition() + "/alerts/" + id, as(ORGANISER))
                        .status())
                .as("another petition's")
                .isEqualTo(404);
        assertThat(delete(path + "/" + id, as(ORGANISER)).status()).isEqualTo(204);
        assertThat(delete(path + "/" + id, as(ORGANISER)).status()).isEqualTo(404);
        assertThat(told()).isEmpty();
        assertThat(secrets(id)).isZero();
        assertThat(mailDataOf(id).data().isNull()).isTrue();
        assertThat(request("mayor@town.example", Map.of()).status()).isEqualTo(201);
    }

    @Test
    void a_recipient_stops_an_alert_and_it_cannot_be_added_again() {
        String id = request("mayor@town.example", Map.of()).json().get("id").asString();
        String token = mailDataOf(id).unsubscribeToken();
        HttpProbe.Response page = get("/stop-alert?token=" + token);
        assertThat(page.body()).contains("No more mail about this petition", "Stop these mails");
        assertThat(told()).as("opening it stops nothing").hasSize(1);
        HttpProbe.Response stopped = pressButton(token);
        assertThat(stopped.status()).isEqualTo(200);
        assertThat(stopped.body()).contains("no more mail about “A bench under the lime tree”");
        assertThat(pressButton(token).status()).as("again").isEqualTo(200);
        assertThat(told()).isEmpty();
        assertThat(secrets(id)).isZero();
        HttpProbe.Response refused = request("mayor@town.example", Map.of());
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().get("detail").asString()).contains("does not want alerts");
        assertThat(pressButton("nonsense").status()).isEqualTo(422);
        assertThat(history())
                .last()
                .satisfies(event -> assertThat(event).contains("AlertStopped", "\"byRecipient\":true"));
    }

    @Test
    void only_the_organiser_reads_or_changes_alerts() {
        for (String[] who : List.of(new String[0], as(AUDITOR))) {
            int refused = who.length == 0 ? 401 : 403;
            assertThat(get(path, who).status()).isEqualTo(refused);
            assertThat(post(path, "{}", who).status()).isEqualTo(refused);
            assertThat(delete(path + "/" + UUID.randomUUID(), who).status()).isEqualTo(refused);
        }
    }

    @Test
    void a_petition_has_a_maximum_number_of_alerts() {
        for (int i = 0; i < 50; i++) {
            alerts.request(petition, new AlertForm("Member", "member" + i + "@town.example", null, null));
        }
        assertThat(request("one.more@town.example", Map.of()).status()).isEqualTo(409);
        assertThat(request("member7@town.example", Map.of("milestones", List.of(10)))
                        .status())
                .as("who is told already")
                .isEqualTo(201);
        assertThat(told()).hasSize(50);
    }
}
