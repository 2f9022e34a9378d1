package org.countersign.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.mail.internet.MimeMessage;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.countersign.events.SignatureId;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** The mail provider takes five mails a second. */
@TestPropertySource(properties = "countersign.mail.per-second=5")
class MailLimitTest extends RunningNotifier {

    private static final int SIGNERS = 25;
    private static final String PLAN_UPDATE = """
            insert into delivery (id, medium, kind, petition, signature, round, details)
            values (gen_random_uuid(), 'mailing', 'update', ?, ?, 1, '{"threshold":50}')""";

    private void planUpdateTo(SignatureId subscriber) {
        database.sql(PLAN_UPDATE).params(petition.value(), subscriber.value()).update();
    }

    @Test
    void mails_are_sent_no_faster_than_the_provider_allows_and_mailings_wait_for_signers() {
        published();
        List<SignatureId> signers = new ArrayList<>();
        IntStream.range(0, SIGNERS).forEach(number -> signers.add(signer("limited-" + number + "@example.org")));
        signers.forEach(this::signs);
        mail("limited-", 1);
        planUpdateTo(signer("subscriber@example.org"));
        await().atMost(TIMEOUT).until(() -> mailsTo("limited-").size() == SIGNERS);
        mail("subscriber@", 1);

        List<Timestamp> sent = database.sql(
                        "select sent_at from delivery where petition = ? and kind = 'confirm' order by sent_at")
                .param(petition.value())
                .query(Timestamp.class)
                .list();
        // A worker records its batch after the last mail, so that the first times may be late, but never early.
        Duration all = Duration.between(
                sent.get(0).toInstant(), sent.get(sent.size() - 1).toInstant());
        assertThat(all).isGreaterThan(Duration.ofSeconds((SIGNERS - 15) / 5));
        List<MimeMessage> order = List.copyOf(MAILS);
        assertThat(order.indexOf(mail("subscriber@", 1)))
                .as("the mailing leaves the limit to the signers")
                .isGreaterThan(order.indexOf(mailsTo("limited-").get(SIGNERS / 2)));
        assertThat(new HttpProbe(managementPort).get("/actuator/prometheus").body())
                .contains("countersign_mail_limit 5.0");
    }
}
