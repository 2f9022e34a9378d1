package org.countersign.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.UUID;
import org.countersign.events.AlertRequested;
import org.countersign.events.AlertStopped;
import org.countersign.events.MilestoneReached;
import org.countersign.events.PetitionSigned;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignerErased;
import org.junit.jupiter.api.Test;

/** The deliveries to a recipient after the erasure of the personal data. */
class ErasedRecipientsTest extends RunningNotifier {

    private void erase(SignatureId signer, int round) {
        happens(new SignerErased(signer, petition, NOON, round, COUNTRY, SignatureStatus.PENDING));
    }

    private void signs(SignatureId signer, int round) {
        happens(new PetitionSigned(
                signer, petition, NOON, round, COUNTRY, SignatureStatus.NONE, false, true, new Sealed(new byte[] {1})));
    }

    private List<String> rows(UUID recipient) {
        return database.sql("""
                        select state || ', ' || coalesce(recipient, 'nobody') || ', ' || coalesce(error, 'no error')
                        from delivery where signature = ? or alert = ? order by number""")
                .params(recipient, recipient)
                .query(String.class)
                .list();
    }

    @Test
    void a_sent_mail_no_longer_tells_to_whom() {
        published();
        SignatureId sona = signer("sona.erased@example.org");
        signs(sona, 1);
        await().atMost(TIMEOUT).until(() -> rows(sona.value()).toString().contains("sent, s"));
        erase(sona, 1);
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(rows(sona.value())).containsExactly("sent, nobody, no error"));
    }

    @Test
    void an_error_that_quotes_the_address_goes_and_the_mail_is_never_sent() {
        published();
        SignatureId nobody = signer("unknown@nowhere.example");
        signs(nobody, 1);
        await().atMost(TIMEOUT).until(() -> rows(nobody.value()).toString().contains("parked"));
        erase(nobody, 1);
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(rows(nobody.value()))
                        .containsExactly("dropped, nobody, the personal data was erased"));
    }

    @Test
    void a_later_round_of_the_same_signer_is_mailed() {
        published();
        SignatureId sona = signer("sona.again@example.org");
        signs(sona, 1);
        mail("sona.again@", 1);
        erase(sona, 1);
        signs(sona, 2);
        mail("sona.again@", 2);
        await().atMost(TIMEOUT).untilAsserted(() -> {
            List<String> rows = rows(sona.value());
            assertThat(rows).hasSize(2).element(0).isEqualTo("sent, nobody, no error");
            assertThat(rows).element(1).asString().startsWith("sent, s");
        });
    }

    @Test
    void a_recipient_who_stopped_an_alert_is_forgotten() {
        published();
        UUID alert = UUID.randomUUID();
        ADDRESSES.put(alert.toString(), "mayor.erased@example.org");
        happens(new AlertRequested(alert, petition, NOON, List.of(), new Sealed(new byte[1])));
        happens(new MilestoneReached(petition, NOON, 10, 100, INDEX.get()));
        await().atMost(TIMEOUT).until(() -> rows(alert).toString().contains("sent, m"));
        happens(new AlertStopped(alert, petition, NOON, true));
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(rows(alert)).containsExactly("sent, nobody, no error"));
    }
}
