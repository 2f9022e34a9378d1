package org.countersign.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.events.AlertRequested;
import org.countersign.events.AlertStopped;
import org.countersign.events.MilestoneReached;
import org.countersign.events.RecordedEvent;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignatureVerified;
import org.countersign.events.SignatureWithdrawn;
import org.countersign.events.SignerErased;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Mails about milestones: to the organiser, to recipients and to subscribers. */
class MilestoneMailsTest extends RunningNotifier {

    @Test
    void organiser_and_subscribers_get_one_mail_per_milestone_in_order() throws Exception {
        published();
        ADDRESSES.put(petition.value(), "olga.alert@example.org");
        SignatureId wants = signer("wants@example.org");
        SignatureId withdrew = signer("withdrew@example.org");
        SignatureId erased = signer("erased@example.org");
        SignatureId doesNot = signer("doesnot@example.org");
        happens(new SignatureVerified(wants, petition, NOON, 1, COUNTRY, true, RunningNotifier.SIGNED));
        happens(new SignatureVerified(withdrew, petition, NOON, 1, COUNTRY, true, RunningNotifier.SIGNED));
        happens(new SignatureWithdrawn(withdrew, petition, NOON, 1, COUNTRY, SignatureStatus.VERIFIED));
        happens(new SignatureVerified(erased, petition, NOON, 1, COUNTRY, true, RunningNotifier.SIGNED));
        happens(new SignerErased(erased, petition, NOON, 1, COUNTRY, SignatureStatus.VERIFIED));
        happens(new SignatureVerified(doesNot, petition, NOON, 1, COUNTRY, false, RunningNotifier.SIGNED));
        mail("wants@", 1);
        mail("withdrew@", 1);
        mail("doesnot@", 1);
        RecordedEvent three = happens(new MilestoneReached(petition, NOON, 3, 100, INDEX.get()));
        happens(new MilestoneReached(petition, NOON, 1250, 100_000, INDEX.get()));
        publish(three);
        assertThat(mail("olga.alert@", 1).getSubject()).isEqualTo("3 have signed: A bench & a “light”");
        assertThat(mail("olga.alert@", 2).getSubject()).isEqualTo("1,250 have signed: A bench & a “light”");
        MimeMessage update = mail("wants@", 2);
        mail("wants@", 3);
        assertThat(update.getHeader("List-Unsubscribe")[0])
                .isEqualTo("<http://localhost:8080/unsubscribe?token=stop-updates>");
        assertThat(update.getHeader("List-Unsubscribe-Post")[0]).isEqualTo("List-Unsubscribe=One-Click");
        assertThat(mailsTo("olga.alert@")).hasSize(2);
        assertThat(mailsTo("wants@")).hasSize(3);
        assertThat(mailsTo("withdrew@")).hasSize(1);
        // The thanks may have been sent before the erasure was read.
        assertThat(mailsTo("erased@")).hasSizeLessThanOrEqualTo(1);
        assertThat(mailsTo("doesnot@")).hasSize(1);
    }

    @Test
    void a_recipient_gets_mails_of_the_chosen_milestones_and_can_stop_them() throws Exception {
        published();
        AlertRequested each = alert("each@example.org", List.of());
        AlertRequested chosen = alert("chosen@example.org", List.of(50L));
        AlertRequested stopped = alert("stopped@example.org", List.of());
        AlertRequested late = alert("heard.of.late@example.org", List.of(50L, 100L));
        happens(each);
        happens(chosen);
        happens(stopped);
        happens(new AlertStopped(stopped.alert(), petition, NOON, true));
        // The index of a request that is read late.
        long before = INDEX.incrementAndGet();
        happens(new MilestoneReached(petition, NOON, 10, 100, INDEX.get()));
        RecordedEvent fifty = happens(new MilestoneReached(petition, NOON, 50, 100, INDEX.get()));
        assertThat(mail("each@", 1).getSubject()).isEqualTo("10 have signed: A bench & a “light”");
        assertThat(mail("each@", 2).getSubject()).isEqualTo("50 have signed: A bench & a “light”");
        MimeMessage only = mail("chosen@", 1);
        assertThat(only.getSubject()).startsWith("50 have signed");
        assertThat(only.getHeader("List-Unsubscribe")[0])
                .isEqualTo("<http://localhost:8080/stop-alert?token=stop-updates>");
        assertThat(only.getHeader("List-Unsubscribe-Post")[0]).isEqualTo("List-Unsubscribe=One-Click");
        assertThat(part(only, 0))
                .contains(
                        "organiser wishes you to hear",
                        "http://localhost:8080/stop-alert?token=stop-updates",
                        "/petitions/" + petition)
                .doesNotContain("/my-data", "/withdraw");

        // Who was to be told before a milestone and is heard of after it is told of it; who was to be told after it is
        // not.
        publish(new RecordedEvent(before, "test:late-alert", Optional.empty(), late));
        assertThat(mail("heard.of.late@", 1).getSubject()).startsWith("50 have signed");
        happens(alert("after@example.com", List.of()));
        // An event that comes twice tells nobody twice; another choice holds from then on.
        publish(fifty);
        happens(new AlertRequested(chosen.alert(), petition, NOON, List.of(100L), new Sealed(new byte[1])));
        happens(new MilestoneReached(petition, NOON, 75, 100, INDEX.get()));
        happens(new MilestoneReached(petition, NOON, 100, 100, INDEX.get()));
        mail("each@", 4);
        mail("after@example.com", 2);
        assertThat(mail("chosen@", 2).getSubject()).startsWith("100 have signed");
        assertThat(mail("heard.of.late@", 2).getSubject()).startsWith("100 have signed");
        await().atMost(TIMEOUT).until(() -> deliveries("&state=planned").isEmpty());
        assertThat(mailsTo("each@")).hasSize(4);
        assertThat(mailsTo("chosen@")).hasSize(2);
        assertThat(mailsTo("after@example.com")).hasSize(2);
        assertThat(mailsTo("stopped@")).isEmpty();
        assertThat(deliveries("")
                        .valueStream()
                        .filter(delivery -> delivery.get("kind").asString().equals("alert")))
                .hasSize(10);
    }

    @Test
    void a_mailing_keeps_its_rate_shows_progress_and_delays_no_other_mail() {
        published();
        for (int i = 0; i < 100; i++) {
            happens(new SignatureVerified(
                    signer("many-" + i + "@example.org"), petition, NOON, 1, COUNTRY, true, RunningNotifier.SIGNED));
        }
        mail("many-99@", 1);
        // The index of a confirmation that is read late.
        long before = INDEX.incrementAndGet();
        RecordedEvent reached = happens(new MilestoneReached(petition, NOON, 100, 1000, INDEX.get()));
        // The mailing includes a subscriber from before the milestone whose event is read late. It excludes later ones.
        SignatureId late = signer("latecomer@example.org");
        publish(new RecordedEvent(
                before,
                "test:late",
                Optional.empty(),
                new SignatureVerified(late, petition, NOON, 1, COUNTRY, true, RunningNotifier.SIGNED)));
        happens(new SignatureVerified(
                signer("newcomer@example.org"), petition, NOON, 1, COUNTRY, true, RunningNotifier.SIGNED));
        mail("many-", 101);
        signs(signer("hurried@example.org"));
        mail("hurried@", 1);
        assertThat(mailings()).hasSize(1);
        assertThat(mailings().get(0).get("sent").asInt())
                .as("the mailing goes on")
                .isLessThan(101);
        await().atMost(TIMEOUT)
                .until(() -> mailings().get(0).get("sent").asInt() == 101
                        && !mailings().get(0).get("endedAt").isNull());
        publish(reached);
        assertThat(mailsTo("many-")).hasSize(200);
        assertThat(mailsTo("latecomer@")).hasSize(2);
        assertThat(mailsTo("newcomer@")).hasSize(1);
        JsonNode progress = mailings().get(0);
        assertThat(List.of(
                        progress.get("threshold").asInt(),
                        progress.get("recipients").asInt(),
                        progress.get("planned").asInt(),
                        progress.get("failed").asInt()))
                .containsExactly(100, 101, 101, 0);
    }

    @Test
    void mails_are_in_the_readers_language_and_show_the_progress() throws Exception {
        published(5000);
        ADDRESSES.put(petition.value(), "olga.klingon@example.org");
        LANGUAGES.put(petition.value(), "tlh");
        SignatureId german = signer("german@example.org");
        LANGUAGES.put(german.toString(), "de-AT");
        SignatureId arabic = signer("arabic@example.org");
        LANGUAGES.put(arabic.toString(), "ar-EG");
        signs(german);
        MimeMessage confirm = mail("german@", 1);
        assertThat(confirm.getSubject()).isEqualTo("Bitte bestätigen Sie Ihre Unterschrift: A bench & a “light”");
        assertThat(confirm.getContentLanguage()).containsExactly("de-AT");
        assertThat(part(confirm, 0)).startsWith("Guten Tag,");
        assertThat(part(confirm, 1)).contains("lang=\"de-AT\" dir=\"ltr\"").doesNotContain("<img");

        happens(new SignatureVerified(german, petition, NOON, 1, COUNTRY, true, RunningNotifier.SIGNED));
        happens(new SignatureVerified(arabic, petition, NOON, 1, COUNTRY, true, RunningNotifier.SIGNED));
        mail("german@", 2);
        mail("arabic@", 1);
        happens(new MilestoneReached(petition, NOON, 1250, 5000, INDEX.get()));
        assertThat(mail("german@", 3).getSubject())
                .as("with Austria’s space")
                .isEqualTo("1\u00a0250 Unterschriften: A bench & a “light”");
        assertThat(mail("olga.klingon@", 1).getSubject()).isEqualTo("1,250 have signed: A bench & a “light”");
        MimeMultipart rightToLeft = (MimeMultipart)
                ((MimeMultipart) mail("arabic@", 2).getContent()).getBodyPart(1).getContent();
        assertThat(rightToLeft.getBodyPart(0).getContent().toString())
                .contains("dir=\"rtl\"", "src=\"cid:progress\"", "بلغت العريضة");
        assertThat(((jakarta.mail.internet.MimeBodyPart) rightToLeft.getBodyPart(1)).getContentID())
                .isEqualTo("<progress>");
        java.awt.image.BufferedImage bar =
                javax.imageio.ImageIO.read(rightToLeft.getBodyPart(1).getInputStream());
        java.util.function.IntUnaryOperator colour = x -> bar.getRGB(x * bar.getWidth() / 100, bar.getHeight() / 2);
        assertThat(colour.applyAsInt(98))
                .as("a quarter, from the right")
                .isEqualTo(colour.applyAsInt(78))
                .isNotEqualTo(colour.applyAsInt(72));
        assertThat(colour.applyAsInt(2)).isEqualTo(colour.applyAsInt(72));
    }

    @Test
    void milestone_mails_show_the_goal_and_the_next_milestone_smaller() throws Exception {
        published();
        ADDRESSES.put(petition.value(), "olga.goal@example.org");
        happens(new MilestoneReached(petition, NOON, 10, 100, INDEX.get()));
        MimeMessage milestone = mail("olga.goal@", 1);
        assertThat(part(milestone, 0)).contains("The goal is 100.", "Next milestone: 50");
        MimeMultipart related = (MimeMultipart)
                ((MimeMultipart) milestone.getContent()).getBodyPart(1).getContent();
        assertThat(org.jsoup.Jsoup.parse(related.getBodyPart(0).getContent().toString())
                        .select("p[style*=font-size:14px]")
                        .first()
                        .text())
                .isEqualTo("Next milestone: 50");

        happens(new MilestoneReached(petition, NOON, 50, 100, INDEX.get()));
        assertThat(part(mail("olga.goal@", 2), 0))
                .as("the goal itself is the next milestone")
                .contains("The goal is 100.")
                .doesNotContain("Next milestone");
    }

    private AlertRequested alert(String address, List<Long> milestones) {
        UUID id = UUID.randomUUID();
        ADDRESSES.put(id.toString(), address);
        return new AlertRequested(id, petition, NOON, milestones, new Sealed(new byte[1]));
    }

    private JsonNode mailings() {
        return JSON.readTree(
                call("GET", "/api/mailings?petition=" + petition, "").body());
    }
}
