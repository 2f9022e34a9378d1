package org.countersign.signature.application;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.signature.domain.LogUnavailableException;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.domain.signature.ConfirmationPolicy;
import org.countersign.signature.domain.signature.SignatureCommand.InvalidateSignature;
import org.countersign.signature.domain.signature.SignatureCommand.ReinstateSignature;
import org.countersign.signature.domain.signature.SignatureCommand.SignPetition;
import org.countersign.signature.domain.signature.SignatureCommand.SignerInput;
import org.countersign.signature.domain.signature.SignatureCommand.StopUpdates;
import org.countersign.signature.domain.signature.SignatureCommand.VerifySignature;
import org.countersign.signature.domain.signature.SignatureCommand.WithdrawSignature;
import org.countersign.signature.domain.signature.SignatureView;
import org.countersign.signature.eventlog.SignatureStream;
import org.countersign.signature.eventlog.SignatureStreams;
import org.countersign.signature.personaldata.PlainText;
import org.countersign.signature.personaldata.PseudonymousIds;
import org.countersign.signature.personaldata.Vault;
import org.countersign.signature.proof.SigningProofs;
import org.countersign.signature.screening.SigningScreening;
import org.countersign.signature.signals.SigningSignals;
import org.countersign.signature.signals.SigningSignals.AcceptedCall;
import org.countersign.signature.token.LinkPurpose;
import org.countersign.signature.token.LinkToken;
import org.countersign.signature.token.LinkTokens;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;

/**
 * Signs, confirms and withdraws for signers; invalidates and reinstates for moderators. The effect of a method is
 * durable when it returns.
 */
@Service
public class Signing {

    /** How long the page after confirmation can fetch the receipt. The link in the mail lives longer. */
    public static final Duration RECEIPT_TTL = Duration.ofHours(1);

    private final CommandDispatcher commands;
    private final SignatureStreams streams;
    private final SigningScreening screening;
    private final SigningSignals signals;
    private final SigningProofs proofs;
    private final ConfirmationPolicy confirmations;
    private final Petitions petitions;
    private final PseudonymousIds ids;
    private final Vault vault;
    private final LinkTokens tokens;
    private final TokenLifetimes lifetimes;
    private final Clock clock;

    Signing(
            CommandDispatcher commands,
            SignatureStreams streams,
            SigningScreening screening,
            SigningSignals signals,
            SigningProofs proofs,
            ConfirmationPolicy confirmations,
            Petitions petitions,
            PseudonymousIds ids,
            Vault vault,
            LinkTokens tokens,
            TokenLifetimes lifetimes,
            Clock clock) {
        this.commands = commands;
        this.streams = streams;
        this.screening = screening;
        this.signals = signals;
        this.proofs = proofs;
        this.confirmations = confirmations;
        this.petitions = petitions;
        this.ids = ids;
        this.vault = vault;
        this.tokens = tokens;
        this.lifetimes = lifetimes;
        this.clock = clock;
    }

    /**
     * Signs a petition. The result does not tell whether the address has signed before, or whether a rule holds the
     * call.
     *
     * @param petitionSlug the slug as the caller gave it
     * @param form the unvalidated request
     * @param client the client's address
     * @return the pseudonymous id of the signature, which depends on petition and address only
     * @throws org.countersign.signature.domain.InvalidFieldsException if a field of the form is invalid
     * @throws Rejection if there is no such petition or it is closed
     * @throws org.countersign.signature.domain.LogUnavailableException if the event cannot be made durable, or that is
     *     unknown
     */
    public SignatureId sign(String petitionSlug, SignatureForm form, String client) {
        Petition petition = petitions.get(petitionSlug);
        Instant now = clock.instant();
        if (!petition.isOpen(now)) {
            throw new Rejection(Rejection.Reason.CLOSED);
        }
        SignatureForm.ValidSignature valid = form.validate(petition.notice());
        SignatureId id = ids.of(petition.slug(), valid.address());
        Vault.SealedWithSecret sealed = vault.seal(id.value(), valid.person());
        SignerInput input = new SignerInput(
                petition.slug(),
                valid.country(),
                valid.publicly(),
                valid.updates(),
                sealed.sealed(),
                sealed.secret(),
                valid.given());
        // The log stores the call of an address that has signed before, and RepeatedSigningProcessor takes it from
        // there.
        SignPetition command = new SignPetition(id, now, input);
        boolean proved = isProved(petition.slug(), form, id);
        Optional<String> rule = screening.heldBy(petition.slug(), valid.address(), client, proved);
        commands.time(SignPetition.class, () -> {
            rule.ifPresentOrElse(
                    holding -> streams.hold(command.decide(), sealed.secret(), TraceContext.current(), holding),
                    () -> streams.begin(command.decide(), sealed.secret(), TraceContext.current()));
            return command;
        });
        if (proved) {
            proofs.forgetUnproved(id);
        }
        signals.record(new AcceptedCall(
                petition.slug(),
                id,
                valid.address(),
                valid.country(),
                valid.person().language().orElse(""),
                client,
                form.form(),
                now,
                proved,
                rule.isPresent()));
        return id;
    }

    private boolean isProved(PetitionSlug petition, SignatureForm form, SignatureId signature) {
        try {
            return proofs.use(petition, form.altcha(), signature);
        } catch (DataAccessException e) {
            throw new LogUnavailableException("The proof of work cannot be used up", e);
        }
    }

    /**
     * Confirms the round of a signature that a mail belongs to.
     *
     * @param token from the link in the mail
     * @throws Rejection if the token has expired, or this round cannot be confirmed any more
     */
    public SignatureView verify(String token) {
        return verify(tokens.read(LinkPurpose.VERIFY, token), Optional.empty());
    }

    /**
     * Confirms a round of a signature.
     *
     * @param link the valid content of the link
     * @param correction what the signer corrected in the form
     * @throws Rejection if this round cannot be confirmed any more
     */
    SignatureView verify(LinkToken link, Optional<SignerInput> correction) {
        VerifySignature command = new VerifySignature(link.signature(), clock.instant(), link.round(), correction);
        PetitionSlug petition = commands.time(VerifySignature.class, () -> append(command));
        return new SignatureView(link.signature(), petition, SignatureStatus.VERIFIED);
    }

    /** Decides again from the new events if another command has appended to the stream in the meantime. */
    private PetitionSlug append(VerifySignature command) {
        byte[] secret = command.correction().map(SignerInput::secret).orElse(null);
        for (int attempt = 1; attempt <= CommandDispatcher.MAX_ATTEMPTS; attempt++) {
            SignatureStream read = streams.read(command.signature());
            List<SignatureEvent> history = read.history();
            List<SignatureEvent> events = command.decide(history, confirmations);
            if (events.isEmpty() || streams.append(read, events, secret, TraceContext.current())) {
                return history.get(0).petition();
            }
        }
        throw new LogUnavailableException("Other commands keep changing the signature", null);
    }

    /** Makes a short-lived token for the receipt, for the signer who has just confirmed. */
    public String receiptToken(SignatureId signature) {
        return tokens.make(
                LinkPurpose.RECEIPT, signature.value(), 0, clock.instant().plus(RECEIPT_TTL));
    }

    /**
     * Withdraws a signature.
     *
     * @param token from the link in the mail
     * @throws Rejection if the token has expired
     */
    public SignatureView withdraw(String token) {
        LinkToken valid = tokens.read(LinkPurpose.WITHDRAW, token);
        PetitionSlug petition = commands.send(new WithdrawSignature(valid.signature(), clock.instant(), valid.round()));
        return new SignatureView(valid.signature(), petition, SignatureStatus.WITHDRAWN);
    }

    /**
     * Unsubscribes the signer from milestone mails.
     *
     * @param token from the link in the mail
     * @return the petition
     */
    public PetitionSlug stopUpdates(String token) {
        return commands.send(
                new StopUpdates(tokens.read(LinkPurpose.STOP_UPDATES, token).signature(), clock.instant()));
    }

    /** Removes a signature from the count. The history keeps the reason. */
    public SignatureView invalidate(SignatureId signature, String reason) {
        return commands.send(new InvalidateSignature(signature, clock.instant(), reason));
    }

    /** Restores the status that the signature had before the invalidation. */
    public SignatureView reinstate(SignatureId signature, String reason) {
        return commands.send(new ReinstateSignature(signature, clock.instant(), reason));
    }

    /**
     * Makes the tokens of a mail that is sent now. A confirmation is possible until the round expires. Withdrawal and
     * unsubscribing have no end. The access to stored data lives from the mail. A mail that is sent again on the same
     * day holds the same tokens.
     */
    public MailTokens mailTokens(SignatureId signature, int round, Instant signedAt) {
        Instant today = clock.instant().truncatedTo(ChronoUnit.DAYS);
        Instant lastAccess = today.plus(1, ChronoUnit.DAYS).plus(lifetimes.myData());
        return new MailTokens(
                tokens.make(LinkPurpose.VERIFY, signature.value(), round, signedAt.plus(lifetimes.verification())),
                tokens.make(LinkPurpose.WITHDRAW, signature.value(), round, LinkTokens.MAX_EXPIRY),
                tokens.make(LinkPurpose.STOP_UPDATES, signature.value(), round, LinkTokens.MAX_EXPIRY),
                tokens.make(LinkPurpose.MY_DATA, signature.value(), round, lastAccess));
    }

    /** The tokens in a signer's mails. */
    public record MailTokens(String verify, String withdraw, String stopUpdates, String myData) {

        /** Hides the tokens, which grant access. */
        @Override
        public String toString() {
            return "MailTokens[…]";
        }
    }

    /** Validates a moderator's reason. */
    public static String reason(String text) {
        return PlainText.line(text, 500);
    }

    /**
     * The lifetimes of tokens.
     *
     * @param verification from signing until a confirmation is impossible
     * @param myData how long the links of a mail give access to the stored data
     */
    record TokenLifetimes(Duration verification, Duration myData) {}
}
