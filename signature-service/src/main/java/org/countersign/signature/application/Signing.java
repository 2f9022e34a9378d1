package org.countersign.signature.application;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.domain.signature.SignatureCommand.Form;
import org.countersign.signature.domain.signature.SignatureCommand.InvalidateSignature;
import org.countersign.signature.domain.signature.SignatureCommand.ReinstateSignature;
import org.countersign.signature.domain.signature.SignatureCommand.SignAgain;
import org.countersign.signature.domain.signature.SignatureCommand.SignPetition;
import org.countersign.signature.domain.signature.SignatureCommand.StopUpdates;
import org.countersign.signature.domain.signature.SignatureCommand.VerifySignature;
import org.countersign.signature.domain.signature.SignatureCommand.WithdrawSignature;
import org.countersign.signature.domain.signature.SignatureView;
import org.countersign.signature.personaldata.PlainText;
import org.countersign.signature.personaldata.PseudonymousIds;
import org.countersign.signature.personaldata.Vault;
import org.countersign.signature.token.LinkPurpose;
import org.countersign.signature.token.LinkToken;
import org.countersign.signature.token.LinkTokens;
import org.springframework.stereotype.Service;

/** What people and moderators do with signatures. When a method returns, what it did is durable. */
@Service
public class Signing {

    /** How long the page that thanks can get the receipt. The mail that thanks can for longer. */
    public static final Duration RECEIPT_AT_HAND = Duration.ofHours(1);

    private final CommandDispatcher commands;
    private final Petitions petitions;
    private final PseudonymousIds ids;
    private final Vault vault;
    private final LinkTokens tokens;
    private final Lifetimes lifetimes;
    private final Clock clock;

    Signing(
            CommandDispatcher commands,
            Petitions petitions,
            PseudonymousIds ids,
            Vault vault,
            LinkTokens tokens,
            Lifetimes lifetimes,
            Clock clock) {
        this.commands = commands;
        this.petitions = petitions;
        this.ids = ids;
        this.vault = vault;
        this.tokens = tokens;
        this.lifetimes = lifetimes;
        this.clock = clock;
    }

    /**
     * Signs a petition. What the caller learns is the same whether or not the address has signed before.
     *
     * @throws org.countersign.signature.domain.InvalidFieldsException if a field of the form is not what it must be
     * @throws Rejection if there is no such petition or it is closed
     * @throws org.countersign.signature.domain.LogUnavailableException if it can't be made durable: nothing was
     *     recorded
     */
    public void sign(String petitionSlug, SignatureForm form) {
        Petition petition = petitions.get(petitionSlug);
        Instant now = clock.instant();
        if (!petition.isOpen(now)) {
            throw new Rejection(Rejection.Reason.CLOSED);
        }
        SignatureForm.Valid valid = form.validate();
        SignatureId id = ids.of(petition.slug(), valid.address());
        Vault.SealedWithSecret sealed = vault.seal(id.value(), valid.person());
        Form command = new Form(
                petition.slug(), valid.country(), valid.publicly(), valid.updates(), sealed.sealed(), sealed.secret());
        // Insert first, look later: nearly every signature is somebody's first, and the log tells us of the others for
        // free.
        try {
            commands.send(new SignPetition(id, now, command));
        } catch (AggregateStreamCreationException signedBefore) {
            commands.send(new SignAgain(id, now, command));
        }
    }

    /**
     * Confirms the address of a signature.
     *
     * @param token from the mail's link
     * @throws Rejection if the token's time is over, or the signature can't be confirmed any more
     */
    public SignatureView verify(String token) {
        LinkToken valid = tokens.read(LinkPurpose.VERIFY, token);
        Instant now = clock.instant();
        PetitionSlug petition = commands.send(new VerifySignature(valid.signature(), now, valid.round()));
        return new SignatureView(valid.signature(), petition, SignatureStatus.VERIFIED);
    }

    /** A token that gets the receipt of a signature, for a while, for who has just proved that it is theirs. */
    public String receiptToken(SignatureId signature) {
        return tokens.make(
                LinkPurpose.RECEIPT, signature.value(), 0, clock.instant().plus(RECEIPT_AT_HAND));
    }

    /**
     * Takes a signature back.
     *
     * @param token from the mail's link
     * @throws Rejection if the token's time is over
     */
    public SignatureView withdraw(String token) {
        LinkToken valid = tokens.read(LinkPurpose.WITHDRAW, token);
        PetitionSlug petition = commands.send(new WithdrawSignature(valid.signature(), clock.instant(), valid.round()));
        return new SignatureView(valid.signature(), petition, SignatureStatus.WITHDRAWN);
    }

    /**
     * Sends the signer no more mail about milestones.
     *
     * @param token from the mail's link
     * @return the petition it was about
     */
    public PetitionSlug stopUpdates(String token) {
        return commands.send(
                new StopUpdates(tokens.read(LinkPurpose.STOP_UPDATES, token).signature(), clock.instant()));
    }

    /** Takes a signature off the count. The reason stands in the history. */
    public SignatureView invalidate(SignatureId signature, String reason) {
        return commands.send(new InvalidateSignature(signature, clock.instant(), reason));
    }

    /** Takes an invalidation back. */
    public SignatureView reinstate(SignatureId signature, String reason) {
        return commands.send(new ReinstateSignature(signature, clock.instant(), reason));
    }

    /** The links' tokens for a round that began at the given time. The same every time they are asked for. */
    public MailTokens mailTokens(SignatureId signature, int round, Instant signedAt) {
        Instant lastWithdrawal = signedAt.plus(lifetimes.withdrawal());
        return new MailTokens(
                tokens.make(LinkPurpose.VERIFY, signature.value(), round, signedAt.plus(lifetimes.verification())),
                tokens.make(LinkPurpose.WITHDRAW, signature.value(), round, lastWithdrawal),
                tokens.make(LinkPurpose.STOP_UPDATES, signature.value(), round, lastWithdrawal),
                tokens.make(LinkPurpose.MY_DATA, signature.value(), round, lastWithdrawal));
    }

    /** The tokens that go into a signer's mails. */
    public record MailTokens(String verify, String withdraw, String stopUpdates, String myData) {

        /** They open things: not shown. */
        @Override
        public String toString() {
            return "MailTokens[…]";
        }
    }

    /** Reads a moderator's reason. */
    public static String reason(String text) {
        return PlainText.line(text, 500);
    }

    /** How long things last. */
    record Lifetimes(Duration verification, Duration withdrawal) {}
}
