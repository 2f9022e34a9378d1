package org.countersign.signature.domain.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.countersign.events.CountryCode;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureExpired;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureInvalidated;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignatureVerified;
import org.countersign.events.SignatureWithdrawn;
import org.countersign.events.SignerErased;
import org.junit.jupiter.api.Test;

/** The signers to whom a further mail is sent. */
class SignatureMailsTest {

    private static final Instant NOON = Instant.parse("2030-05-01T12:00:00Z");
    private static final PetitionSlug PETITION = new PetitionSlug("bench");
    private static final SignatureId ID = new SignatureId(UUID.randomUUID());
    private static final CountryCode COUNTRY = new CountryCode("AM");
    private static final PetitionSigned FIRST = signed(1, SignatureStatus.NONE);
    private static final PetitionSigned SECOND = signed(2, SignatureStatus.PENDING);

    private static PetitionSigned signed(int round, SignatureStatus was) {
        return new PetitionSigned(
                ID, PETITION, NOON, round, COUNTRY, was, false, false, new Sealed(new byte[] {(byte) round}));
    }

    @Test
    void a_signer_is_reminded_of_the_newest_round_that_waits() {
        assertThat(SignatureMails.unconfirmed(List.of(FIRST), 1)).contains(FIRST);
        assertThat(SignatureMails.unconfirmed(List.of(FIRST, SECOND), 2)).contains(SECOND);
        assertThat(SignatureMails.unconfirmed(List.of(FIRST, SECOND), 1))
                .as("one reminder for both mails")
                .isEmpty();
    }

    @Test
    void nobody_is_reminded_who_has_confirmed_or_left() {
        SignatureVerified verified = new SignatureVerified(
                ID, PETITION, NOON, 1, COUNTRY, false, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        SignatureWithdrawn withdrawn = new SignatureWithdrawn(ID, PETITION, NOON, 1, COUNTRY, SignatureStatus.PENDING);
        SignatureExpired expired =
                new SignatureExpired(ID, PETITION, NOON, 1, COUNTRY, SignatureStatus.PENDING, SignatureStatus.EXPIRED);
        SignerErased erased = new SignerErased(ID, PETITION, NOON, 1, COUNTRY, SignatureStatus.PENDING);
        SignatureInvalidated invalidated =
                new SignatureInvalidated(ID, PETITION, NOON, 1, COUNTRY, SignatureStatus.PENDING, "a bot");
        assertThat(SignatureMails.unconfirmed(List.of(), 1)).isEmpty();
        assertThat(SignatureMails.unconfirmed(List.of(FIRST, verified), 1)).isEmpty();
        assertThat(SignatureMails.unconfirmed(List.of(FIRST, withdrawn), 1)).isEmpty();
        assertThat(SignatureMails.unconfirmed(List.of(FIRST, expired), 1)).isEmpty();
        assertThat(SignatureMails.unconfirmed(List.of(FIRST, erased), 1)).isEmpty();
        assertThat(SignatureMails.unconfirmed(List.of(FIRST, invalidated), 1)).isEmpty();
    }

    @Test
    void the_mail_is_sent_again_to_active_signers_only() {
        SignatureWithdrawn withdrawn = new SignatureWithdrawn(ID, PETITION, NOON, 1, COUNTRY, SignatureStatus.PENDING);
        assertThat(SignatureMails.newestForm(List.of())).isEmpty();
        assertThat(SignatureMails.newestForm(List.of(FIRST, SECOND))).contains(2);
        assertThat(SignatureMails.newestForm(List.of(FIRST, withdrawn))).isEmpty();
    }
}
