package org.countersign.signature.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.countersign.signature.RunningService;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.LogAge;
import org.countersign.signature.eventlog.ReaderPositions;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class ErasureTest extends RunningService {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Autowired
    private Petitions petitions;

    @Autowired
    private EventLog log;

    @Autowired
    private ReaderPositions positions;

    @Autowired
    private LogAge age;

    @Autowired
    private Erasure erasure;

    @Autowired
    private Alerts alerts;

    private String signed(String petition, String email) {
        sign(petition, email);
        return onlySignature(petition);
    }

    private JsonNode myData(String token) {
        return get("/api/signatures/mine?token=" + token).json();
    }

    private List<String> eventTypes(String signature) {
        return get("/api/signatures/" + signature + "/history", as(AUDITOR))
                .body()
                .lines()
                .map(line -> JSON.readTree(line).get("type").asString())
                .toList();
    }

    private long secrets(String signature) {
        return database.sql("select count(*) from stream_event where stream = cast(? as uuid) and secret is not null")
                .param(signature)
                .query(Long.class)
                .single();
    }

    @Test
    void only_the_signer_reads_the_data_held_about_them() {
        String signature = signed(publishedPetition(), "sona@data.example");
        TestMail tokens = mailData(signature, 1);
        JsonNode data = myData(tokens.myDataToken());
        assertThat(data.get("signatureId").asString()).isEqualTo(signature);
        assertThat(data.get("status").asString()).isEqualTo("pending");
        assertThat(data.get("erased").asBoolean()).isFalse();
        JsonNode given = data.get("given").get(0);
        assertThat(given.propertyNames())
                .containsExactly(
                        "round",
                        "at",
                        "country",
                        "public",
                        "updates",
                        "name",
                        "email",
                        "comment",
                        "language",
                        "notice",
                        "consent",
                        "contact");
        assertThat(given.get("name").asString()).isEqualTo("Sona Signer");
        assertThat(given.get("email").asString()).isEqualTo("sona@data.example");
        assertThat(data.get("events").get(0).get("type").asString()).isEqualTo("PetitionSigned");
        for (String other : List.of("", "x", tokens.withdrawToken(), tokens.confirmToken())) {
            assertThat(get("/api/signatures/mine?token=" + other).status())
                    .as(other)
                    .isBetween(400, 499);
        }
    }

    @Test
    void an_erased_signature_still_counts() {
        String petition = publishedPetition();
        String signature = signed(petition, "sona@erased.example");
        TestMail tokens = mailData(signature, 1);
        withToken("verify", tokens.confirmToken());
        String token = tokens.myDataToken();
        HttpProbe.Response erased = withToken("erase", token);
        assertThat(erased.status()).isEqualTo(200);
        assertThat(erased.json().get("status").asString()).isEqualTo("verified");
        assertThat(withToken("erase", token).body()).as("again").isEqualTo(erased.body());

        assertThat(secrets(signature)).isZero();
        assertThat(mailData(signature, 1).data().isNull()).isTrue();
        JsonNode data = myData(token);
        assertThat(data.get("erased").asBoolean()).isTrue();
        assertThat(data.get("given").get(0).get("email").isNull()).isTrue();
        assertThat(eventTypes(signature)).containsExactly("PetitionSigned", "SignatureVerified", "SignerErased");
        assertThat(sign(petition, "sona@erased.example").status())
                .as("signing again gets the usual response")
                .isEqualTo(202);
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(eventTypes(signature)).endsWith("SigningRepeated"));
        assertThat(mailData(signature, 1).get("name").asString())
                .as("only the address is kept for the mail")
                .isEmpty();
        assertThat(withToken("withdraw", tokens.withdrawToken())
                        .json()
                        .get("status")
                        .asString())
                .isEqualTo("withdrawn");
        sign(petition, "sona@erased.example");
        await().atMost(TIMEOUT).until(() -> !mailData(signature, 2).data().isNull());
        assertThat(mailData(signature, 2).get("email").asString())
                .as("the new round has new data")
                .isEqualTo("sona@erased.example");
    }

    @Test
    void a_signer_erased_before_confirming_can_sign_again() {
        String petition = publishedPetition();
        String signature = signed(petition, "ani@anew.example");
        withToken("erase", mailData(signature, 1).myDataToken());
        sign(petition, "ani@anew.example");
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(eventTypes(signature))
                        .containsExactly("PetitionSigned", "SignatureWithdrawn", "SignerErased", "PetitionSigned"));
        assertThat(withToken("verify", mailData(signature, 2).confirmToken()).status())
                .isEqualTo(200);
    }

    @Test
    void an_organiser_erases_on_request_and_an_auditor_cannot() {
        String signature = signed(publishedPetition(), "nare@request.example");
        String path = "/api/signatures/" + signature + "/erase";
        assertThat(post(path, "").status()).isEqualTo(401);
        assertThat(post(path, "", as(AUDITOR)).status()).isEqualTo(403);
        assertThat(post(path, "", as(ORGANISER)).json().get("signatureId").asString())
                .isEqualTo(signature);
        assertThat(secrets(signature)).isZero();
        assertThat(post("/api/signatures/nobody/erase", "", as(ORGANISER)).status())
                .isEqualTo(404);
    }

    @Test
    void the_my_data_page_shows_the_data_and_its_button_erases_it() {
        String signature = signed(publishedPetition(), "mane@page.example");
        String token = mailData(signature, 1).myDataToken();
        HttpProbe.Response page = get("/my-data?token=" + token);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("mane@page.example", "Erase my data");
        assertThat(page.headers().firstValue("Cache-Control"))
                .hasValueSatisfying(value -> assertThat(value).contains("no-store"));
        assertThat(secrets(signature)).as("opening the page erases nothing").isEqualTo(1);
        withToken("erase", token);
        assertThat(get("/my-data?token=" + token).body())
                .contains("was erased")
                .doesNotContain("mane@page.example", "Erase my data");
    }

    @Test
    void personal_data_is_erased_180_days_after_the_petition_closed() {
        String closed = publishedPetition();
        String signature = signed(closed, "sona@closed.example");
        String alert = post(
                        "/api/petitions/" + closed + "/alerts",
                        "{\"name\":\"Mia Mayor\",\"email\":\"mayor@town.example\"}",
                        as(ORGANISER))
                .json()
                .get("id")
                .asString();
        withToken("verify", mailData(signature, 1).confirmToken());
        post("/api/petitions/" + closed + "/close", "", as(ORGANISER));
        String kept = signed(publishedPetition(), "sona@open.example");
        withToken("verify", mailData(kept, 1).confirmToken());
        ageAllEvents(179);
        erasureAfterClosing().run();
        assertThat(secrets(signature)).isEqualTo(1);
        ageAllEvents(181);
        await().atMost(TIMEOUT).until(() -> {
            erasureAfterClosing().run();
            return secrets(signature) == 0;
        });
        assertThat(secrets(alert)).isZero();
        assertThat(secrets(kept)).isEqualTo(1);
        assertThat(eventTypes(signature)).containsExactly("PetitionSigned", "SignatureVerified", "SignerErased");
    }

    private ErasureAfterClosing erasureAfterClosing() {
        return new ErasureAfterClosing(petitions, log, positions, erasure, alerts, age, Duration.ofDays(180));
    }
}
