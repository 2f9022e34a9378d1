package org.countersign.signature.domain.signature;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.countersign.events.ContactConsentWithdrawn;
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

/**
 * The state of a signature, folded from its events. The consent is what the signer decided. The invalidation is what a
 * moderator decided, and it outlives whatever the signer does.
 */
final class SignatureState {

    private final SignatureId id;
    private final PetitionSlug petition;
    /** The rounds that can be confirmed, by number. */
    private final TreeMap<Integer, PetitionSigned> pending = new TreeMap<>();

    private CountryCode country;
    private SignatureStatus consent = SignatureStatus.NONE;
    private boolean invalidated;
    private int round;
    private int firstRound;
    private int newestRound;
    private int confirmedLink;
    private boolean updates;
    private boolean contact;
    private boolean erased;
    private MailAllowance mails = MailAllowance.FULL;

    /** Starts with the first event. */
    SignatureState(PetitionSigned first) {
        id = first.signature();
        petition = first.petition();
        country = first.country();
        sign(first);
    }

    /** Folds all events of a signature, of which there is at least one. */
    static SignatureState of(List<SignatureEvent> events) {
        SignatureState state = new SignatureState((PetitionSigned) events.get(0));
        events.subList(1, events.size()).forEach(state::on);
        return state;
    }

    /** Folds a later event. */
    void on(SignatureEvent event) {
        if (event instanceof PetitionSigned signed) {
            sign(signed);
        } else if (event instanceof SignatureVerified verified) {
            confirm(verified);
        } else if (event instanceof SignatureWithdrawn) {
            end(SignatureStatus.WITHDRAWN);
        } else if (event instanceof SignatureExpired expired) {
            pending.headMap(expired.round(), true).clear();
            if (pending.isEmpty()) {
                end(SignatureStatus.EXPIRED);
            }
        } else if (event instanceof SignatureInvalidated) {
            invalidated = true;
        } else if (event instanceof SignatureReinstated) {
            invalidated = false;
        } else if (event instanceof SigningRepeated repeated) {
            mails = mails.afterMail(repeated.at());
            erased &= repeated.sealed().isEmpty();
        } else if (event instanceof UpdatesStopped) {
            updates = false;
        } else if (event instanceof ContactConsentWithdrawn) {
            contact = false;
        } else if (event instanceof SignerErased) {
            updates = false;
            contact = false;
            erased = true;
        }
    }

    private void sign(PetitionSigned signed) {
        if (consent != SignatureStatus.PENDING) {
            firstRound = signed.round();
        }
        if (signed.corrects() == 0) {
            mails = mails.afterMail(signed.at());
        }
        consent = SignatureStatus.PENDING;
        country = signed.country();
        round = signed.round();
        newestRound = signed.round();
        confirmedLink = 0;
        updates |= signed.updates();
        contact |= signed.given().contact();
        erased = false;
        pending.put(signed.round(), signed);
    }

    private void confirm(SignatureVerified verified) {
        confirmedLink = pending(verified.round())
                .map(PetitionSigned::corrects)
                .filter(corrected -> corrected > 0)
                .orElse(verified.round());
        contact &=
                pending(verified.round()).filter(form -> form.given().contact()).isPresent();
        consent = SignatureStatus.VERIFIED;
        country = verified.country();
        round = verified.round();
        updates = verified.updates();
        pending.clear();
    }

    private void end(SignatureStatus last) {
        consent = last;
        updates = false;
        contact = false;
        pending.clear();
    }

    SignatureId id() {
        return id;
    }

    PetitionSlug petition() {
        return petition;
    }

    /** Returns the country of the current round. */
    CountryCode country() {
        return country;
    }

    /** Returns the status by the signer's own decisions. */
    SignatureStatus consent() {
        return consent;
    }

    boolean isInvalidated() {
        return invalidated;
    }

    /** Returns the status that others see. */
    SignatureStatus status() {
        return invalidated ? SignatureStatus.INVALIDATED : consent;
    }

    /** Returns the confirmed round, or the newest. */
    int round() {
        return round;
    }

    /** Returns the first round since the signature was last withdrawn or expired. */
    int firstRound() {
        return firstRound;
    }

    int newestRound() {
        return newestRound;
    }

    /** Returns the form of a round that can be confirmed. */
    Optional<PetitionSigned> pending(int wanted) {
        return Optional.ofNullable(pending.get(wanted));
    }

    /** Tells whether a round after this one can be confirmed. */
    boolean hasPendingAfter(int expired) {
        return pending.higherKey(expired) != null;
    }

    /** Tells whether the link of this round confirmed the signature. */
    boolean isConfirmedBy(int link) {
        return link == confirmedLink || link == round;
    }

    /** Tells whether the signer wants milestone mails; while rounds are pending, whether one of their forms does. */
    boolean wantsUpdates() {
        return updates;
    }

    /** Like {@link #wantsUpdates}, for the consent to be contacted for other purposes. */
    boolean allowsContact() {
        return contact;
    }

    /** Tells whether no personal data is left. */
    boolean isErased() {
        return erased;
    }

    MailAllowance mails() {
        return mails;
    }
}
