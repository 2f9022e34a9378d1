package org.countersign.signature.export;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignatureVerified;
import org.countersign.signature.domain.signature.ContactConsent;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.PrefetchingReader;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.signature.personaldata.PersonalData;
import org.countersign.signature.personaldata.Vault;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads the verified signatures of a petition in the order of confirmation, in constant memory. */
@Component
public class Handover {

    private static final int PAGE_SIZE = 1000;

    private final EventLog log;
    private final Vault vault;

    Handover(EventLog log, Vault vault) {
        this.log = log;
        this.vault = vault;
    }

    /**
     * A verified signature. After an erasure, name, email and comment are empty. Names come with the day and not with
     * the time, because the time of an entry in the public log would join a name to a pseudonym.
     *
     * @param id the signature. With a name it joins the name to histories, so that only some exports have it.
     * @param name the signer's name
     * @param email the signer's address
     * @param country the ISO 3166-1 code
     * @param comment the comment, empty if there is none
     * @param publicly whether the name may be shown
     * @param signedOn the day on which the signer signed, in UTC
     * @param verifiedOn the day on which the signer confirmed, in UTC
     * @param contact whether the organisation may contact the signer for other purposes
     */
    public record ExportedSignature(
            SignatureId id,
            String name,
            String email,
            String country,
            String comment,
            boolean publicly,
            LocalDate signedOn,
            LocalDate verifiedOn,
            boolean contact) {

        /** Hides the personal data. */
        @Override
        public String toString() {
            return "ExportedSignature[…]";
        }
    }

    /** Passes each verified signature to the consumer. */
    public void forEach(PetitionSlug petition, Consumer<ExportedSignature> consumer) {
        PrefetchingReader<StoredEvent> pages = new PrefetchingReader<>(
                0, PAGE_SIZE, (after, limit) -> log.ofPetitionAfter(petition, after, limit), event -> event);
        PrefetchingReader.EventPage<StoredEvent> page;
        do {
            page = pages.next();
            List<StoredEvent> confirmations = page.items().stream()
                    .filter(event -> event.type() == EventType.SIGNATURE_VERIFIED)
                    .toList();
            signatures(confirmations).forEach(consumer);
        } while (page.full());
    }

    /** Returns the verified signatures among these confirmations, in order. */
    List<ExportedSignature> signatures(List<StoredEvent> confirmations) {
        List<UUID> streams =
                confirmations.stream().map(StoredEvent::stream).distinct().toList();
        Map<UUID, SignatureFold> folds = new HashMap<>();
        log.streams(streams)
                .forEach(stored -> folds.computeIfAbsent(stored.stream(), stream -> new SignatureFold())
                        .apply(stored));
        Map<Long, byte[]> secrets = log.sealedEvents(streams).stream()
                .collect(Collectors.toMap(entry -> entry.event().index(), EventLog.EventWithSecret::secret));
        List<ExportedSignature> signatures = new ArrayList<>();
        for (StoredEvent confirmation : confirmations) {
            SignatureFold fold = Objects.requireNonNull(folds.get(confirmation.stream()));
            // A signature of several rounds has the place of its last confirmation.
            if (fold.status == SignatureStatus.VERIFIED && fold.verifiedBy == confirmation.index()) {
                signatures.add(fold.signature(secrets, confirmation));
            }
        }
        return signatures;
    }

    private record ConfirmedForm(PetitionSigned form, long index) {}

    /** Folds the events of a signature. */
    private final class SignatureFold {

        /** Strangers may have signed with the address too. Only the confirmed round counts. */
        private final Map<Integer, ConfirmedForm> signings = new HashMap<>();

        private final List<SignatureEvent> history = new ArrayList<>();

        private @Nullable ConfirmedForm confirmed;
        private long verifiedBy;
        private SignatureStatus status = SignatureStatus.NONE;

        void apply(StoredEvent stored) {
            SignatureEvent event = (SignatureEvent) stored.recorded().event();
            history.add(event);
            if (event instanceof PetitionSigned signed) {
                signings.put(signed.round(), new ConfirmedForm(signed, stored.index()));
            } else if (event instanceof SignatureVerified) {
                confirmed = signings.get(event.round());
                verifiedBy = stored.index();
            }
            status = event.becomes();
        }

        ExportedSignature signature(Map<Long, byte[]> secrets, StoredEvent confirmation) {
            ConfirmedForm signing = Objects.requireNonNull(confirmed, "a confirmation follows a signing");
            PetitionSigned input = signing.form();
            byte[] secret = secrets.get(signing.index());
            String name = "";
            String email = "";
            String comment = "";
            if (secret != null) {
                PersonalData person = vault.open(confirmation.stream(), input.sealed(), secret);
                name = person.name();
                email = person.email();
                comment = person.comment().orElse("");
            }
            return new ExportedSignature(
                    input.signature(),
                    name,
                    email,
                    input.country().value(),
                    comment,
                    input.publicly(),
                    LocalDate.ofInstant(input.at(), ZoneOffset.UTC),
                    LocalDate.ofInstant(confirmation.at(), ZoneOffset.UTC),
                    ContactConsent.of(history));
        }
    }
}
