package org.countersign.signature.domain.signature;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateRoot;
import org.axonframework.modelling.command.CreationPolicy;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureId;
import org.countersign.events.SigningRepeated;
import org.countersign.signature.domain.AggregateTypes;
import org.countersign.signature.domain.EventMetaData;
import org.countersign.signature.domain.signature.SignatureCommand.EraseSigner;
import org.countersign.signature.domain.signature.SignatureCommand.ExpireSignature;
import org.countersign.signature.domain.signature.SignatureCommand.InvalidateSignature;
import org.countersign.signature.domain.signature.SignatureCommand.ReinstateSignature;
import org.countersign.signature.domain.signature.SignatureCommand.SignAgain;
import org.countersign.signature.domain.signature.SignatureCommand.SignPetition;
import org.countersign.signature.domain.signature.SignatureCommand.SignerInput;
import org.countersign.signature.domain.signature.SignatureCommand.StopUpdates;
import org.countersign.signature.domain.signature.SignatureCommand.WithdrawConsent;
import org.countersign.signature.domain.signature.SignatureCommand.WithdrawContactConsent;
import org.countersign.signature.domain.signature.SignatureCommand.WithdrawSignature;

/** One person's signature on one petition: connects {@link SignatureState} and {@link SignatureDecisions} to Axon. */
@AggregateRoot(type = AggregateTypes.SIGNATURE)
public class SignatureAggregate {

    @AggregateIdentifier
    private SignatureId id;

    private SignatureState state;

    @SuppressWarnings("NullAway.Init")
    SignatureAggregate() {
        // Axon creates the aggregate and replays its events.
    }

    /**
     * Returns when to try again, if the address got too many mails; empty if the call was processed. The call is the
     * first if it was held, or if only forged events are in the place of the first signing. Later rounds have the time
     * of the command, because the times of a stream must not go back.
     */
    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    Optional<Instant> signAgain(SignAgain command) {
        if (state == null) {
            SignPetition first = new SignPetition(command.signature(), command.signedAt(), command.input());
            apply(
                    SignatureDecisions.sign(first),
                    secret(command.input()).and(EventMetaData.REPEATED_SIGNING, command.repeated()));
            return Optional.empty();
        }
        List<SignatureEvent> events = SignatureDecisions.signAgain(state, command);
        Optional<Instant> next = events.isEmpty() ? Optional.of(state.mails().next(command.at())) : Optional.empty();
        for (SignatureEvent event : events) {
            Map<String, Object> metaData = new HashMap<>();
            metaData.put(EventMetaData.REPEATED_SIGNING, command.repeated());
            if (event instanceof PetitionSigned) {
                metaData.put(EventMetaData.SECRET, command.input().secret());
            } else if (event instanceof SigningRepeated repeated
                    && repeated.sealed().isPresent()) {
                metaData.put(EventMetaData.SECRET, command.addressSecret());
            }
            apply(event, MetaData.from(metaData));
        }
        return next;
    }

    private static MetaData secret(SignerInput input) {
        return MetaData.with(EventMetaData.SECRET, input.secret());
    }

    @CommandHandler
    PetitionSlug withdraw(WithdrawSignature command) {
        applyAll(SignatureDecisions.withdraw(state, command));
        return state.petition();
    }

    @CommandHandler
    void expire(ExpireSignature command) {
        applyAll(SignatureDecisions.expire(state, command));
    }

    @CommandHandler
    SignatureView invalidate(InvalidateSignature command) {
        applyAll(SignatureDecisions.invalidate(state, command));
        return view();
    }

    @CommandHandler
    SignatureView reinstate(ReinstateSignature command) {
        applyAll(SignatureDecisions.reinstate(state, command));
        return view();
    }

    @CommandHandler
    SignatureView erase(EraseSigner command) {
        applyAll(SignatureDecisions.erase(state, command));
        return view();
    }

    @CommandHandler
    PetitionSlug stopUpdates(StopUpdates command) {
        applyAll(SignatureDecisions.stopUpdates(state, command));
        return state.petition();
    }

    @CommandHandler
    SignatureView withdrawContact(WithdrawContactConsent command) {
        applyAll(SignatureDecisions.withdrawContact(state, command));
        return view();
    }

    @CommandHandler
    SignatureView withdrawConsent(WithdrawConsent command) {
        applyAll(SignatureDecisions.withdrawConsent(state, command));
        return view();
    }

    private static void applyAll(List<SignatureEvent> events) {
        events.forEach(event -> apply(event));
    }

    private SignatureView view() {
        return new SignatureView(id, state.petition(), state.status());
    }

    @EventSourcingHandler
    @SuppressWarnings("NullAway")
    void on(SignatureEvent event) {
        if (state == null) {
            id = event.signature();
            state = new SignatureState((PetitionSigned) event);
        } else {
            state.on(event);
        }
    }
}
