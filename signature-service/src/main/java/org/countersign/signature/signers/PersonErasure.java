package org.countersign.signature.signers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.countersign.events.AlertRequested;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SigningRepeated;
import org.countersign.signature.application.Alerts;
import org.countersign.signature.application.Erasure;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.domain.signature.SignatureSummary;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.RepeatedSignings;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.personaldata.PseudonymousIds;
import org.countersign.signature.personaldata.Vault;
import org.springframework.stereotype.Service;

/**
 * Erases a person in all petitions, or in those of an organisation: the signatures with all rounds, sign calls that
 * wait, and the milestone alerts to the address. Repeating it changes nothing. If it fails in between, a repeated call
 * completes it.
 */
@Service
public class PersonErasure {

    private static final int BATCH_SIZE = 500;

    private final SignerSearch search;
    private final Erasure erasure;
    private final Alerts alerts;
    private final Petitions petitions;
    private final EventLog log;
    private final RepeatedSignings calls;
    private final PseudonymousIds ids;
    private final Vault vault;

    PersonErasure(
            SignerSearch search,
            Erasure erasure,
            Alerts alerts,
            Petitions petitions,
            EventLog log,
            RepeatedSignings calls,
            PseudonymousIds ids,
            Vault vault) {
        this.search = search;
        this.erasure = erasure;
        this.alerts = alerts;
        this.petitions = petitions;
        this.log = log;
        this.calls = calls;
        this.ids = ids;
        this.vault = vault;
    }

    /**
     * A signature of the person.
     *
     * @param id the signature
     * @param petition its petition
     * @param status the status after the erasure: a pending signature is withdrawn, others keep their status
     * @param now whether this call erased data; false if no data was left before
     */
    public record ErasedSignature(SignatureId id, PetitionSlug petition, SignatureStatus status, boolean now) {}

    /** An alert to the person's address that was removed. */
    public record RemovedAlert(UUID id, PetitionSlug petition) {}

    /** The result of an erasure, for each petition. */
    public record ErasedPerson(List<ErasedSignature> signatures, List<RemovedAlert> alerts) {}

    /**
     * Erases the person with this address.
     *
     * @param address the address, which is neither stored nor logged
     * @param where in which petitions
     * @return what was found, in the order of the petitions; empty lists if nothing was
     * @throws org.countersign.signature.domain.LogUnavailableException if events cannot be made durable, or that is
     *     unknown. Then the call must be repeated.
     */
    public ErasedPerson erase(EmailAddress address, Predicate<Petition> where) {
        return new ErasedPerson(
                search.ofPerson(address, where).stream().map(this::erase).toList(), removeAlerts(address, where));
    }

    /**
     * Erases the person who owns a signature. The address comes from the sealed data. If none is left, only the
     * signature is erased.
     *
     * @param where in which petitions
     * @throws Rejection if there is no such signature
     */
    public ErasedPerson eraseOwner(SignatureId signature, Predicate<Petition> where) {
        SignatureSummary known = search.find(signature).orElseThrow(() -> new Rejection(Rejection.Reason.NO_SIGNATURE));
        Optional<EmailAddress> address = address(signature);
        return address.isPresent() ? erase(address.get(), where) : new ErasedPerson(List.of(erase(known)), List.of());
    }

    private ErasedSignature erase(SignatureSummary signature) {
        boolean now = !signature.erased() || calls.isWaiting(signature.id());
        return new ErasedSignature(
                signature.id(),
                signature.petition(),
                erasure.erase(signature.id()).status(),
                now);
    }

    private List<RemovedAlert> removeAlerts(EmailAddress address, Predicate<Petition> where) {
        Map<UUID, PetitionSlug> wanted = new LinkedHashMap<>();
        petitions.all().stream()
                .filter(where)
                .forEach(petition -> wanted.put(ids.ofAlert(petition.slug(), address), petition.slug()));
        List<RemovedAlert> removed = new ArrayList<>();
        List<UUID> streams = List.copyOf(wanted.keySet());
        for (int i = 0; i < streams.size(); i += BATCH_SIZE) {
            Map<UUID, Boolean> active = new LinkedHashMap<>();
            for (StoredEvent stored : log.streams(streams.subList(i, Math.min(i + BATCH_SIZE, streams.size())))) {
                active.put(stored.stream(), stored.recorded().event() instanceof AlertRequested);
            }
            active.values().removeIf(isActive -> !isActive);
            active.keySet().forEach(alert -> {
                PetitionSlug petition = wanted.get(alert);
                if (petition != null && remove(petition, alert)) {
                    removed.add(new RemovedAlert(alert, petition));
                }
            });
        }
        return removed;
    }

    /** Returns false if somebody else has removed the alert in the meantime. */
    private boolean remove(PetitionSlug petition, UUID alert) {
        try {
            alerts.stop(petition.value(), alert);
            return true;
        } catch (Rejection e) {
            return false;
        }
    }

    /** Opens the address of a signature: that of any round, because all belong to the same mailbox. */
    private Optional<EmailAddress> address(SignatureId signature) {
        return log.sealedEvents(Set.of(signature.value())).stream()
                .flatMap(entry -> sealedData(
                                (SignatureEvent) entry.event().recorded().event())
                        .map(data -> vault.open(signature.value(), data, entry.secret())))
                .map(person -> EmailAddress.parse(person.email()))
                .findFirst();
    }

    private static Stream<Sealed> sealedData(SignatureEvent event) {
        if (event instanceof PetitionSigned signed) {
            return Stream.of(signed.sealed());
        }
        if (event instanceof SigningRepeated repeated) {
            return repeated.sealed().stream();
        }
        return Stream.empty();
    }
}
