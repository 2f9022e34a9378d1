package org.countersign.signature.export;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignatureVerified;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.PrefetchingReader;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.signature.personaldata.PersonalData;
import org.countersign.signature.personaldata.Vault;
import org.springframework.stereotype.Component;

/** The verified signatures of a petition, in the order in which they were confirmed, read in constant memory. */
@Component
public class Handover {

    private static final int PAGE = 1000;

    private final EventLog log;
    private final Vault vault;

    Handover(EventLog log, Vault vault) {
        this.log = log;
        this.vault = vault;
    }

    /**
     * A signature that counts.
     *
     * @param name and email and comment are empty if the signer was erased, the comment also if there was none
     */
    public record Signature(
            String name,
            String email,
            String country,
            String comment,
            boolean publicly,
            Instant signedAt,
            Instant verifiedAt) {

        /** Personal data: not shown. */
        @Override
        public String toString() {
            return "Signature[…]";
        }
    }

    /** Gives each verified signature to the consumer. */
    public void each(PetitionSlug petition, Consumer<Signature> consumer) {
        PrefetchingReader<StoredEvent> pages = new PrefetchingReader<>(
                0, PAGE, (after, limit) -> log.ofPetitionAfter(petition, after, limit), event -> event);
        PrefetchingReader.Page<StoredEvent> page;
        do {
            page = pages.next();
            List<StoredEvent> confirmations = page.items().stream()
                    .filter(event -> event.type() == EventType.SIGNATURE_VERIFIED)
                    .toList();
            signatures(confirmations).forEach(consumer);
        } while (page.isFull());
    }

    /** The signatures that count, of those confirmed by these events, in their order. */
    List<Signature> signatures(List<StoredEvent> confirmations) {
        List<UUID> streams =
                confirmations.stream().map(StoredEvent::stream).distinct().toList();
        Map<UUID, Life> lives = new HashMap<>();
        log.streams(streams)
                .forEach(stored -> lives.computeIfAbsent(stored.stream(), stream -> new Life())
                        .happened(stored));
        Map<Long, byte[]> secrets = log.sealedEvents(streams).stream()
                .collect(Collectors.toMap(entry -> entry.event().index(), EventLog.WithSecret::secret));
        List<Signature> signatures = new ArrayList<>();
        for (StoredEvent confirmation : confirmations) {
            Life life = lives.get(confirmation.stream());
            // Who has signed in several rounds stands where the last was confirmed.
            if (life.status == SignatureStatus.VERIFIED && life.verifiedBy == confirmation.index()) {
                signatures.add(life.signature(secrets.get(life.signedBy), confirmation));
            }
        }
        return signatures;
    }

    /** What has become of a signature. */
    private final class Life {

        private PetitionSigned signed;
        private long signedBy;
        private long verifiedBy;
        private SignatureStatus status;

        void happened(StoredEvent stored) {
            SignatureEvent event = (SignatureEvent) stored.recorded().event();
            if (event instanceof PetitionSigned signing) {
                signed = signing;
                signedBy = stored.index();
            } else if (event instanceof SignatureVerified) {
                verifiedBy = stored.index();
            }
            status = event.becomes();
        }

        Signature signature(byte[] secret, StoredEvent confirmation) {
            String name = "";
            String email = "";
            String comment = "";
            if (secret != null) {
                PersonalData person = vault.open(confirmation.stream(), signed.sealed(), secret);
                name = person.name();
                email = person.email();
                comment = person.comment().orElse("");
            }
            return new Signature(
                    name, email, signed.country().value(), comment, signed.publicly(), signed.at(), confirmation.at());
        }
    }
}
