package org.countersign.signature.signing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.signature.Commands;
import org.countersign.signature.petition.Petition;
import org.countersign.signature.petition.Petitions;
import org.countersign.signature.problem.Refusal;
import org.countersign.signature.signer.PlainText;
import org.countersign.signature.signer.SignatureIds;
import org.countersign.signature.signer.Vault;
import org.countersign.signature.signing.SignatureCommand.Form;
import org.countersign.signature.signing.SignatureCommand.InvalidateSignature;
import org.countersign.signature.signing.SignatureCommand.ReinstateSignature;
import org.countersign.signature.signing.SignatureCommand.SignAgain;
import org.countersign.signature.signing.SignatureCommand.SignPetition;
import org.countersign.signature.signing.SignatureCommand.StopUpdates;
import org.countersign.signature.signing.SignatureCommand.VerifySignature;
import org.countersign.signature.signing.SignatureCommand.WithdrawSignature;
import org.countersign.signature.signing.tokens.Purpose;
import org.countersign.signature.signing.tokens.Token;
import org.countersign.signature.signing.tokens.Tokens;
import org.springframework.stereotype.Service;

/** What people and moderators do with signatures. When a method returns, what it did is durable. */
@Service
public class Signing {

    /** How long the page that thanks can get the receipt. The mail that thanks can for longer. */
    public static final Duration RECEIPT_AT_HAND = Duration.ofHours(1);

    private final Commands commands;
    private final Petitions petitions;
    private final SignatureIds ids;
    private final Vault vault;
    private final Tokens tokens;
    private final Lifetimes lifetimes;
    private final Clock clock;

    Signing(Commands commands, Petitions petitions, SignatureIds ids, Vault vault, Tokens tokens, Lifetimes lifetimes, Clock clock) {
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
     * @throws org.countersign.signature.problem.InvalidFieldsException if a field of the form is not what it must be
     * @throws Refusal if there is no such petition or it is closed
     * @throws org.countersign.signature.log.LogUnavailableException if it can't be made durable: nothing was recorded
     */
    public void sign(String petitionSlug, SignatureForm form) {
        Petition petition = petitions.get(petitionSlug);
        Instant now = clock.instant();
        if (!petition.isOpen(now)) {
            throw new Refusal(Refusal.Reason.CLOSED);
        }
        SignatureForm.Valid valid = form.validate();
        SignatureId id = ids.of(petition.slug(), valid.address());
        Vault.SealedWithSecret sealed = vault.seal(id.value(), valid.person());
        Form command = new Form(petition.slug(), valid.country(), valid.publicly(), valid.updates(), sealed.sealed(), sealed.secret());
        // Insert first, look later: nearly every signature is somebody's first, and the log tells us of the others for free.
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
     * @throws Refusal if the token's time is over, or the signature can't be confirmed any more
     */
    public SignatureView verify(String token) {
        Token valid = tokens.read(Purpose.VERIFY, token);
        Instant now = clock.instant();
        PetitionSlug petition = commands.send(new VerifySignature(valid.signature(), now, valid.round(), this::takesConfirmations));
        return new SignatureView(valid.signature(), petition, SignatureStatus.VERIFIED);
    }

    /** A token that gets the receipt of a signature, for a while, for who has just proved that it is theirs. */
    public String receiptToken(SignatureId signature) {
        return tokens.make(Purpose.RECEIPT, signature.value(), 0, clock.instant().plus(RECEIPT_AT_HAND));
    }

    private boolean takesConfirmations(PetitionSlug petition, Instant at) {
        return petitions.find(petition).filter(found -> found.takesConfirmations(at)).isPresent();
    }

    /**
     * Takes a signature back.
     *
     * @param token from the mail's link
     * @throws Refusal if the token's time is over
     */
    public SignatureView withdraw(String token) {
        Token valid = tokens.read(Purpose.WITHDRAW, token);
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
        return commands.send(new StopUpdates(tokens.read(Purpose.STOP_UPDATES, token).signature(), clock.instant()));
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
        return new MailTokens(tokens.make(Purpose.VERIFY, signature.value(), round, signedAt.plus(lifetimes.verification())),
                tokens.make(Purpose.WITHDRAW, signature.value(), round, lastWithdrawal),
                tokens.make(Purpose.STOP_UPDATES, signature.value(), round, lastWithdrawal),
                tokens.make(Purpose.MY_DATA, signature.value(), round, lastWithdrawal));
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
    static String reason(String text) {
        return PlainText.line(text, 500);
    }

    /** How long things last. */
    record Lifetimes(Duration verification, Duration withdrawal) {
    }
}
