package org.countersign.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What somebody gets who is invited to work for an organisation. */
class InvitationMailsTest extends RunningNotifier {

    private static UUID invited(String address) {
        UUID invitation = UUID.randomUUID();
        ADDRESSES.put(invitation.toString(), address);
        INVITATIONS.add(invitation);
        return invitation;
    }

    private String state(UUID invitation) {
        return database.sql("select state from delivery where invitation = ?")
                .param(invitation)
                .query(String.class)
                .optional()
                .orElse("none");
    }

    @Test
    void an_invited_person_gets_one_mail_in_the_name_of_the_organisation() throws Exception {
        UUID invitation = invited("ani.invited@example.org");
        MimeMessage mail = mail("ani.invited@example.org", 1);
        InternetAddress from = (InternetAddress) mail.getFrom()[0];
        assertThat(from.getPersonal()).startsWith("Müller");
        assertThat(mail.getSubject()).startsWith("Müller").endsWith("lädt Sie ein, an Petitionen mitzuarbeiten");
        assertThat(mail.getHeader("Bcc")).as("no header comes from a name").isNull();
        assertThat(mail.getHeader("List-Unsubscribe")).isNull();
        assertThat(part(mail, 0)).contains("/invitation?token=t", "Die Einladung annehmen");
        await().atMost(TIMEOUT).until(() -> state(invitation).equals("sent"));
        assertThat(mailsTo("ani.invited@example.org")).hasSize(1);
        assertThat(INVITATIONS).doesNotContain(invitation);
    }

    @Test
    void a_withdrawn_invitation_and_a_recipient_who_wants_no_mail_get_none() {
        UUID withdrawn = invited("withdrawn@example.org");
        ADDRESSES.remove(withdrawn.toString());
        SUPPRESSED.add("never@example.org");
        UUID unwanted = invited("never@example.org");
        await().atMost(TIMEOUT).until(() -> state(withdrawn).equals("dropped"));
        await().atMost(TIMEOUT).until(() -> state(unwanted).equals("suppressed"));
        assertThat(mailsTo("never@example.org")).isEmpty();
    }
}
