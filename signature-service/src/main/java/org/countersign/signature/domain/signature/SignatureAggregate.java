package org.countersign.signature.domain.signature;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import java.time.Duration;
import java.time.Instant;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateRoot;
import org.countersign.events.CountryCode;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureExpired;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureInvalidated;
import org.countersign.events.SignatureReinstated;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignatureVerified;
import org.countersign.events.SignatureWithdrawn;
import org.countersign.events.SignerErased;
import org.countersign.events.SigningRepeated;
import org.countersign.events.UpdatesStopped;
import org.countersign.signature.domain.AggregateTypes;
import org.countersign.signature.domain.EventMetaData;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.signature.SignatureCommand.EraseSigner;
import org.countersign.signature.domain.signature.SignatureCommand.ExpireSignature;
import org.countersign.signature.domain.signature.SignatureCommand.InvalidateSignature;
import org.countersign.signature.domain.signature.SignatureCommand.ReinstateSignature;
import org.countersign.signature.domain.signature.SignatureCommand.SignAgain;
import org.countersign.signature.domain.signature.SignatureCommand.SignPetition;
import org.countersign.signature.domain.signature.SignatureCommand.SignerInput;
import org.countersign.signature.domain.signature.SignatureCommand.StopUpdates;
import org.countersign.signature.domain.signature.SignatureCommand.VerifySignature;
import org.countersign.signature.domain.signature.SignatureCommand.WithdrawSignature;

/**
 * Decides about one person's signature on one petition. A signature is pending, then verified, then perhaps withdrawn.
 * A pending one may expire. Any may be invalidated and reinstated. After withdrawal or expiry the person may sign again
 * in a new round.
 */
@AggregateRoot(type = AggregateTypes.SIGNATURE)
public class SignatureAggregate {

    /** The minimum time between two mails that tell a signer they have signed already. It prevents mail flooding. */
    private static final Duration REPEAT_PAUSE = Duration.ofMinutes(10);

    @AggregateIdentifier
    private SignatureId id;

    private PetitionSlug petition;
    private int round;
    private CountryCode country;
    private SignatureStatus status = SignatureStatus.NONE;
    private SignatureStatus statusBeforeInvalidation = SignatureStatus.NONE;
    private boolean updates;
    private boolean erased;
    private Instant lastRepeat = Instant.MIN;

    @SuppressWarnings("NullAway.Init")
    SignatureAggregate() {
        // Axon creates the aggregate and replays its events.
    }

    // The event handler sets the fields when the event is applied.
    @CommandHandler
    @SuppressWarnings("NullAway.Init")
    SignatureAggregate(SignPetition command) {
        beginRound(command.signature(), command.at(), 1, command.input());
    }

    @CommandHandler
    void signAgain(SignAgain command) {
        switch (status) {
            case WITHDRAWN, EXPIRED -> beginRound(id, command.at(), round + 1, command.input());
            case PENDING, VERIFIED -> {
                if (erased) {
                    signAfterErasure(command);
                } else if (lastRepeat.plus(REPEAT_PAUSE).isBefore(command.at())) {
                    apply(new SigningRepeated(id, petition, command.at(), round, country, status));
                }
            }
            default -> {
                // Only a moderator can reinstate an invalidated signature. The response is the same for every signer.
            }
        }
    }

    /**
     * Signs again after an erasure, when no address is left to notify. A new round replaces a pending signature. A
     * verified signature stays as it is.
     */
    private void signAfterErasure(SignAgain command) {
        if (status == SignatureStatus.PENDING) {
            apply(new SignatureExpired(id, petition, command.at(), round, country));
            beginRound(id, command.at(), round + 1, command.input());
        }
    }

    private void beginRound(SignatureId signature, Instant at, int newRound, SignerInput input) {
        apply(
                new PetitionSigned(
                        signature,
                        input.petition(),
                        at,
                        newRound,
                        input.country(),
                        status,
                        input.publicly(),
                        input.updates(),
                        input.sealed()),
                MetaData.with(EventMetaData.SECRET, input.secret()));
    }

    @CommandHandler
    PetitionSlug verify(VerifySignature command, ConfirmationPolicy policy) {
        requireCurrent(command.round());
        switch (status) {
            case PENDING -> {
                if (!policy.acceptsConfirmations(petition, command.at())) {
                    throw new Rejection(Rejection.Reason.CLOSED_LONG);
                }
                apply(new SignatureVerified(id, petition, command.at(), round, country, updates));
            }
            case VERIFIED -> {
                // Confirming twice gives the same result.
            }
            case EXPIRED -> throw new Rejection(Rejection.Reason.NOT_CONFIRMED_IN_TIME);
            case INVALIDATED -> throw new Rejection(Rejection.Reason.WAS_INVALIDATED);
            default -> throw new Rejection(Rejection.Reason.WAS_WITHDRAWN);
        }
        return petition;
    }

    @CommandHandler
    PetitionSlug withdraw(WithdrawSignature command) {
        requireCurrent(command.round());
        if (status != SignatureStatus.WITHDRAWN) {
            apply(new SignatureWithdrawn(id, petition, command.at(), round, country, status));
        }
        return petition;
    }

    /** Rejects links of earlier rounds, which may still be in a mailbox. */
    private void requireCurrent(int tokenRound) {
        if (tokenRound != round) {
            throw new Rejection(Rejection.Reason.EARLIER_SIGNATURE);
        }
    }

    @CommandHandler
    void expire(ExpireSignature command) {
        if (status == SignatureStatus.PENDING && command.round() == round) {
            apply(new SignatureExpired(id, petition, command.at(), round, country));
            erase(command.at());
        }
    }

    @CommandHandler
    SignatureView invalidate(InvalidateSignature command) {
        if (status != SignatureStatus.INVALIDATED) {
            apply(new SignatureInvalidated(id, petition, command.at(), round, country, status, command.reason()));
        }
        return new SignatureView(id, petition, status);
    }

    @CommandHandler
    SignatureView reinstate(ReinstateSignature command) {
        if (status == SignatureStatus.INVALIDATED) {
            apply(new SignatureReinstated(
                    id, petition, command.at(), round, country, statusBeforeInvalidation, command.reason()));
        }
        return new SignatureView(id, petition, status);
    }

    @CommandHandler
    SignatureView erase(EraseSigner command) {
        erase(command.at());
        return new SignatureView(id, petition, status);
    }

    private void erase(Instant at) {
        if (!erased) {
            apply(new SignerErased(id, petition, at, round, country, status));
        }
    }

    @CommandHandler
    PetitionSlug stopUpdates(StopUpdates command) {
        if (updates) {
            apply(new UpdatesStopped(id, petition, command.at(), round, country, status));
        }
        return petition;
    }

    @EventSourcingHandler
    void on(SignatureEvent event) {
        if (event instanceof SignatureInvalidated invalidated) {
            statusBeforeInvalidation = invalidated.was();
        } else if (event instanceof PetitionSigned signed) {
            updates = signed.updates();
            erased = false;
            lastRepeat = Instant.MIN;
        } else if (event instanceof SigningRepeated repeated) {
            lastRepeat = repeated.at();
        } else if (event instanceof UpdatesStopped) {
            updates = false;
        } else if (event instanceof SignerErased) {
            updates = false;
            erased = true;
        }
        id = event.signature();
        petition = event.petition();
        round = event.round();
        country = event.country();
        status = event.becomes();
    }
}
