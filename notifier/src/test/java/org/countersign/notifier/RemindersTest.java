package org.countersign.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.countersign.events.PetitionPublished;
import org.countersign.events.RecordedEvent;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignatureVerified;
import org.countersign.events.SignatureWithdrawn;
import org.countersign.events.SignerErased;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** Reminders to signers who have not confirmed, in seconds instead of days. */
@TestPropertySource(
        properties = {
            "countersign.reminders.after=10s,15s",
            "countersign.reminders.poll-millis=200",
            "countersign.mail.per-recipient-hour=0"
        })
class RemindersTest extends RunningNotifier {

    private long reminders(SignatureId signer) {
        return database.sql("select count(*) from delivery where signature = ? and kind = 'reminder'")
                .param(signer.value())
                .query(Long.class)
                .single();
    }

    private void awaitPassed(SignatureId last) {
        await().atMost(TIMEOUT).until(() -> reminders(last) == 2);
    }

    @Test
    void a_signer_who_missed_the_mail_is_reminded_twice_and_no_more() throws Exception {
        published();
        SignatureId late = signer("late.reminded@example.org");
        RecordedEvent signed = signs(late);
        assertThat(mail("late.reminded@", 2).getSubject())
                .isEqualTo("A reminder: please confirm your signature: A bench & a “light”");
        assertThat(part(mail("late.reminded@", 2), 0))
                .doesNotContain("Sona Signer")
                .contains("/confirm?token=verify-1", "/withdraw?token=", "/my-data?token=", "/never-write?token=");
        assertThat(mail("late.reminded@", 2).getHeader("List-Unsubscribe")[0])
                .isEqualTo(mail("late.reminded@", 1).getHeader("List-Unsubscribe")[0]);
        mail("late.reminded@", 3);
        // As after a restart with lost positions, and after a rebalance.
        database.sql("delete from reminder_position where petition = ?")
                .param(petition.value())
                .update();
        publish(signed);
        Thread.sleep(Duration.ofSeconds(2).toMillis());
        assertThat(mailsTo("late.reminded@")).hasSize(3);
        assertThat(reminders(late)).isEqualTo(2);
    }

    @Test
    void nobody_is_reminded_who_has_confirmed_is_erased_or_wants_no_mail() {
        published();
        SignatureId confirmed = signer("done.reminded@example.org");
        SignatureId erased = signer("erased.reminded@example.org");
        SignatureId quiet = signer("quiet.reminded@example.org");
        SignatureId unknown = signer("unknown@reminded.example.org");
        SignatureId last = signer("last.reminded@example.org");
        for (SignatureId one : new SignatureId[] {confirmed, erased, quiet, unknown, last}) {
            signs(one);
        }
        mail("done.reminded@", 1);
        mail("erased.reminded@", 1);
        mail("quiet.reminded@", 1);
        SUPPRESSED.add("quiet.reminded@example.org");
        happens(new SignatureVerified(confirmed, petition, NOON, 1, COUNTRY, false, SIGNED));
        happens(new SignatureWithdrawn(erased, petition, NOON, 1, COUNTRY, SignatureStatus.PENDING));
        happens(new SignerErased(erased, petition, NOON, 1, COUNTRY, SignatureStatus.WITHDRAWN));
        awaitPassed(last);
        assertThat(reminders(confirmed)).isZero();
        assertThat(reminders(erased)).isZero();
        assertThat(reminders(unknown)).as("the server refused the address").isZero();
        assertThat(mailsTo("quiet.reminded@")).hasSize(1);
        mail("last.reminded@", 3);
    }

    @Test
    void the_signature_service_has_the_last_word() {
        published();
        SignatureId withdrawn = signer("withdrawn.reminded@example.org");
        NOT_PENDING.add(withdrawn.value());
        signs(withdrawn);
        awaitPassed(withdrawn);
        await().atMost(TIMEOUT)
                .until(() -> database.sql("""
                                select count(*) from delivery
                                where signature = ? and kind = 'reminder' and state = 'dropped'""")
                                .param(withdrawn.value())
                                .query(Long.class)
                                .single()
                        == 2);
        assertThat(mailsTo("withdrawn.reminded@")).hasSize(1);
    }

    @Test
    void a_petition_without_reminders_sends_none() {
        ADDRESSES.put(petition.value(), "olga@example.org");
        happens(new PetitionPublished(
                petition,
                NOON,
                "A bench & a “light”",
                "Please.",
                List.of("The Mayor"),
                100,
                List.of(),
                "en",
                Optional.empty(),
                new Sealed(new byte[1]),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                false));
        SignatureId quiet = signer("off.reminded@example.org");
        signs(quiet);
        mail("off.reminded@", 1);
        await().atMost(TIMEOUT)
                .until(() -> database.sql("select count(*) from reminder_position where petition = ?")
                                .param(petition.value())
                                .query(Long.class)
                                .single()
                        == 2);
        assertThat(reminders(quiet)).isZero();
    }
}
