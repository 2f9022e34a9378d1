package org.countersign.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.internet.MimeMessage;
import java.util.Optional;
import org.countersign.events.RecordedEvent;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignatureVerified;
import org.countersign.events.SigningRepeated;
import org.junit.jupiter.api.Test;

/** Mails to signers. */
class SignerMailsTest extends RunningNotifier {

    @Test
    void a_signer_gets_a_confirmation_mail_in_text_and_html() throws Exception {
        published();
        signs(signer("sona.confirm@example.org"));
        MimeMessage mail = mail("sona.confirm@", 1);
        assertThat(mail.getSubject()).isEqualTo("Please confirm your signature: A bench & a “light”");
        for (int part = 0; part < 2; part++) {
            assertThat(part(mail, part))
                    .as("a stranger may have typed the name")
                    .doesNotContain("Sona Signer")
                    .containsOnlyOnce("http://localhost:8080/confirm?token=verify-1")
                    .containsOnlyOnce("http://localhost:8080/withdraw?token=withdraw-me")
                    .containsOnlyOnce("http://localhost:8080/my-data?token=my-data");
        }
        assertThat(part(mail, 0)).contains("A bench & a “light”");
        assertThat(part(mail, 1)).contains("A bench &amp; a “light”");
        assertThat(mail.getHeader("List-Unsubscribe")[0])
                .isEqualTo("<http://localhost:8080/withdraw?token=withdraw-me>");
        assertThat(mail.getHeader("List-Unsubscribe-Post")).isNull();
        assertThat(mail.getHeader("Trace-Id")[0]).isEqualTo("0123456789abcdef0123456789abcdef");
        assertThat(mail.getHeader("Auto-Submitted")[0]).isEqualTo("auto-generated");
    }

    @Test
    void each_step_sends_one_mail_even_if_its_event_is_repeated() throws Exception {
        published();
        SignatureId sona = signer("sona.steps@example.org");
        RecordedEvent signed = signs(sona);
        mail("sona.steps@", 1);
        publish(signed);
        happens(new SignatureVerified(sona, petition, NOON, 1, COUNTRY, true, RunningNotifier.SIGNED));
        assertThat(mail("sona.steps@", 2).getSubject()).startsWith("Thank you for signing");
        assertThat(part(mail("sona.steps@", 2), 0))
                .contains("/withdraw?token=withdraw-me", "/api/signatures/receipt?token=")
                .doesNotContain("/confirm");
        happens(new SigningRepeated(sona, petition, NOON, 1, COUNTRY, SignatureStatus.VERIFIED, Optional.empty()));
        assertThat(mail("sona.steps@", 3).getSubject()).startsWith("You have signed already");
        assertThat(mailsTo("sona.steps@")).hasSize(3);
    }

    @Test
    void mails_to_signers_show_the_goal() throws Exception {
        published();
        SignatureId sona = signer("sona.goal@example.org");
        signs(sona);
        assertThat(part(mail("sona.goal@", 1), 0)).contains("The goal of the petition is 100 signatures.");
        happens(new SignatureVerified(sona, petition, NOON, 1, COUNTRY, false, RunningNotifier.SIGNED));
        for (int part = 0; part < 2; part++) {
            assertThat(part(mail("sona.goal@", 2), part))
                    .contains("The goal of the petition is 100 signatures.", "brings the goal closer");
        }
    }
}
