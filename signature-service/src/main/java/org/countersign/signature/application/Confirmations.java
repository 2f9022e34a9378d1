package org.countersign.signature.application;

import java.util.List;
import java.util.Optional;
import org.countersign.events.PetitionSigned;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignerConsent;
import org.countersign.signature.domain.petition.NoticeVersion;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.domain.signature.SignatureCommand.SignerInput;
import org.countersign.signature.domain.signature.SignatureView;
import org.countersign.signature.eventlog.SignatureStream;
import org.countersign.signature.eventlog.SignatureStreams;
import org.countersign.signature.personaldata.PersonalData;
import org.countersign.signature.personaldata.Vault;
import org.countersign.signature.token.LinkPurpose;
import org.countersign.signature.token.LinkToken;
import org.countersign.signature.token.LinkTokens;
import org.springframework.stereotype.Service;

/**
 * Shows the owner of an address what a confirmation would confirm, and lets the owner correct it. Anybody can sign with
 * an address that is not theirs. What counts is what its owner has seen.
 */
@Service
public class Confirmations {

    private final Signing signing;
    private final Petitions petitions;
    private final SignatureStreams streams;
    private final Vault vault;
    private final LinkTokens tokens;

    Confirmations(Signing signing, Petitions petitions, SignatureStreams streams, Vault vault, LinkTokens tokens) {
        this.signing = signing;
        this.petitions = petitions;
        this.streams = streams;
        this.vault = vault;
        this.tokens = tokens;
    }

    /**
     * The form of a round that waits for confirmation.
     *
     * @param petition the signed petition
     * @param form what was typed
     * @param given the privacy notice of the sign call, and what was ticked
     */
    public record PendingForm(Petition petition, SignatureForm form, SignerConsent given) {

        /** Returns the privacy notice of the sign call, or the present one if the call names none. */
        public Optional<NoticeVersion> notice() {
            return petition.notice(given.notice()).or(petition::notice);
        }

        /** Hides the personal data. */
        @Override
        public String toString() {
            return "PendingForm[…]";
        }
    }

    /**
     * Returns the form that a link would confirm, or empty if nothing waits for this confirmation.
     *
     * @param token from the link in the mail
     * @throws org.countersign.signature.domain.Rejection if the token has expired
     */
    public Optional<PendingForm> pending(String token) {
        return pending(tokens.read(LinkPurpose.VERIFY, token));
    }

    private Optional<PendingForm> pending(LinkToken link) {
        SignatureStream read = streams.read(link.signature());
        List<SignatureEvent> history = read.history();
        return !history.isEmpty() && history.get(history.size() - 1).becomes() == SignatureStatus.PENDING
                ? read.form(link.round()).map(this::form)
                : Optional.empty();
    }

    private PendingForm form(SignatureStream.SealedForm form) {
        PetitionSigned signed = form.signed();
        PersonalData person = vault.open(signed.signature().value(), signed.sealed(), form.secret());
        return new PendingForm(
                petitions.get(signed.petition().value()),
                new SignatureForm(
                        person.name(),
                        person.email(),
                        signed.country().value(),
                        person.comment().orElse(null),
                        signed.publicly(),
                        signed.updates(),
                        person.language().orElse(null),
                        null,
                        null,
                        null,
                        signed.given().contact(),
                        null),
                signed.given());
    }

    /**
     * Confirms a round as the signer left the form of the page.
     *
     * @param token from the link in the mail
     * @param left the form; address, language and consent are ignored, because the page does not change them
     * @throws org.countersign.signature.domain.InvalidFieldsException if a field of the form is invalid
     * @throws org.countersign.signature.domain.Rejection if the token has expired, or this round cannot be confirmed
     *     any more
     */
    public SignatureView confirm(String token, SignatureForm left) {
        LinkToken link = tokens.read(LinkPurpose.VERIFY, token);
        return signing.verify(link, pending(link).flatMap(shown -> correction(link, shown, left)));
    }

    private Optional<SignerInput> correction(LinkToken link, PendingForm pending, SignatureForm left) {
        SignatureForm shown = pending.form();
        SignatureForm.ValidSignature corrected = new SignatureForm(
                        left.name(),
                        shown.email(),
                        left.country(),
                        left.comment(),
                        left.publicly(),
                        left.updates(),
                        shown.language())
                .validate(Optional.empty());
        SignatureForm typed = new SignatureForm(
                shown.name(),
                shown.email(),
                shown.country(),
                shown.comment(),
                shown.publicly(),
                shown.updates(),
                shown.language());
        SignerConsent given = pending.given().notice() == 0
                ? SignerConsent.NONE
                : pending.given().withContact(Boolean.TRUE.equals(left.contact()));
        if (corrected.equals(typed.validate(Optional.empty())) && given.equals(pending.given())) {
            return Optional.empty();
        }
        Vault.SealedWithSecret sealed = vault.seal(link.subject(), corrected.person());
        return Optional.of(new SignerInput(
                pending.petition().slug(),
                corrected.country(),
                corrected.publicly(),
                corrected.updates(),
                sealed.sealed(),
                sealed.secret(),
                given));
    }
}
