package org.countersign.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.mail.internet.MimeMessage;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.countersign.events.RecordedEvent;
import org.countersign.events.SigningAttackDetected;
import org.countersign.events.SigningAttackDetected.AttackAnomaly;
import org.countersign.testkit.WebhookReceiver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What the organiser and the receivers of webhooks hear about an attack on a petition. */
class AttackMailsTest extends RunningNotifier {

    private RecordedEvent attackDetected() {
        return happens(new SigningAttackDetected(
                petition, NOON, List.of(new AttackAnomaly("domain", 42), new AttackAnomaly("generated", 30))));
    }

    @ParameterizedTest
    @CsvSource({
        "en, Bots seem to sign",
        "de, Bots scheinen zu unterschreiben",
        "fr, Des robots semblent signer",
        "hy, Կարծես ռոբոտներ են ստորագրում",
        "ar, يبدو أن برامج آلية توقّع"
    })
    void the_organiser_gets_one_mail_in_the_own_language(String language, String subject) throws Exception {
        published();
        String address = "olga.attack." + language + "@example.org";
        ADDRESSES.put(petition.value(), address);
        LANGUAGES.put(petition.value(), language);
        RecordedEvent event = attackDetected();
        publish(event);
        MimeMessage mail = mail(address, 1);
        assertThat(mail.getSubject()).startsWith(subject).endsWith("A bench & a “light”");
        assertThat(mail.getHeader("List-Unsubscribe")).isNull();
        assertThat(part(mail, 0)).contains("/petitions/" + petition).doesNotContain("/withdraw", "/my-data");
        await().atMost(TIMEOUT).until(() -> deliveries("&state=planned").isEmpty());
        assertThat(mailsTo(address)).hasSize(1);
        assertThat(deliveries("").get(0).get("kind").asString()).isEqualTo("attack");
    }

    @Test
    void a_webhook_gets_the_kinds_and_shares_and_no_hash() throws Exception {
        published();
        try (WebhookReceiver receiver = new WebhookReceiver()) {
            HttpResponse<String> created = call(
                    "POST",
                    "/api/webhooks",
                    JSON.writeValueAsString(Map.of(
                            "petition",
                            petition.value(),
                            "url",
                            receiver.url(),
                            "events",
                            List.of("petition.attack"))));
            assertThat(created.statusCode()).isEqualTo(201);
            attackDetected();
            await().atMost(TIMEOUT).until(() -> !receiver.calls().isEmpty());
            JsonNode body = JSON.readTree(receiver.calls().get(0).body());
            assertThat(body.get("type").asString()).isEqualTo("petition.attack");
            assertThat(body.get("data").toString())
                    .isEqualTo("{\"petition\":\"" + petition + "\",\"anomalies\":[{\"kind\":\"domain\",\"percent\":42},"
                            + "{\"kind\":\"generated\",\"percent\":30}]}");
        }
    }
}
