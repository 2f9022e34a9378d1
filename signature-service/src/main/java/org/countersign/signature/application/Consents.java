package org.countersign.signature.application;

import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.signature.domain.signature.SignatureCommand.WithdrawConsent;
import org.countersign.signature.domain.signature.SignatureCommand.WithdrawContactConsent;
import org.countersign.signature.domain.signature.SignatureView;
import org.countersign.signature.eventlog.HeldSignings;
import org.countersign.signature.eventlog.RepeatedSignings;
import org.countersign.signature.token.LinkPurpose;
import org.countersign.signature.token.LinkToken;
import org.countersign.signature.token.LinkTokens;
import org.springframework.stereotype.Service;

/**
 * Withdraws consents of a signer. Both links of a mail allow it: the one to the signer's data, and the one to withdraw,
 * which never expires. Repeating a call changes nothing.
 */
@Service
public class Consents {

    private static final Set<LinkPurpose> LINKS = Set.of(LinkPurpose.MY_DATA, LinkPurpose.WITHDRAW);

    private final CommandDispatcher commands;
    private final RepeatedSignings calls;
    private final HeldSignings held;
    private final LinkTokens tokens;
    private final Clock clock;

    Consents(CommandDispatcher commands, RepeatedSignings calls, HeldSignings held, LinkTokens tokens, Clock clock) {
        this.commands = commands;
        this.calls = calls;
        this.held = held;
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * Withdraws the consent to the processing: withdraws the signature and erases the personal data in one transaction.
     *
     * @param token from a link in a mail
     * @throws org.countersign.signature.domain.InvalidFieldsException if the token is of another purpose
     * @throws org.countersign.signature.domain.Rejection if the token has expired, or belongs to an earlier signature
     */
    public SignatureView withdraw(String token) {
        LinkToken link = tokens.readAny(LINKS, token);
        SignatureId signature = link.signature();
        Optional<PetitionSlug> heldFor = held.forget(signature);
        Optional<Integer> round = isToWithdraw(token) ? Optional.of(link.round()) : Optional.empty();
        try {
            return commands.send(new WithdrawConsent(signature, clock.instant(), round, calls.isWaiting(signature)));
        } catch (AggregateNotFoundException e) {
            return heldFor.map(petition -> new SignatureView(signature, petition, SignatureStatus.NONE))
                    .orElseThrow(() -> e);
        }
    }

    private boolean isToWithdraw(String token) {
        return tokens.has(LinkPurpose.WITHDRAW, token);
    }

    /**
     * Withdraws the consent to be contacted for other purposes. The signature stays as it is.
     *
     * @param token from a link in a mail
     * @throws org.countersign.signature.domain.InvalidFieldsException if the token is of another purpose
     * @throws org.countersign.signature.domain.Rejection if the token has expired
     */
    public SignatureView withdrawContact(String token) {
        return commands.send(
                new WithdrawContactConsent(tokens.readAny(LINKS, token).signature(), clock.instant()));
    }
}
