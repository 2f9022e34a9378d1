package org.countersign.signature.application;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.countersign.events.AlertRequested;
import org.countersign.events.Event;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.StreamIds;
import org.countersign.signature.personaldata.PersonalData;
import org.countersign.signature.personaldata.Vault;
import org.countersign.signature.token.LinkPurpose;
import org.countersign.signature.token.LinkTokens;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads to whom a mail goes and what it links to. Personal data has one home: the notifier asks at the moment of
 * sending, and no other service stores an address.
 */
@Component
public class MailDataReader {

    private final EventLog log;
    private final Vault vault;
    private final Signing signing;
    private final LinkTokens tokens;

    MailDataReader(EventLog log, Vault vault, Signing signing, LinkTokens tokens) {
        this.log = log;
        this.vault = vault;
        this.signing = signing;
        this.tokens = tokens;
    }

    /**
     * Names one mail: that of a signature in a round, that of an alert, or otherwise that of the petition's organiser.
     */
    public record MailDataRequest(
            @Nullable UUID signature,
            int round,
            @Nullable UUID alert,
            @Nullable String petition) {

        Place place() {
            return signature != null
                    ? new Place(signature, round)
                    : new Place(alert != null ? alert : StreamIds.stream(new PetitionSlug(petition)), 0);
        }
    }

    /**
     * The data of one mail. Everything is null after an erasure.
     *
     * @param language the reader's language tag; null if unknown
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record MailData(
            @Nullable String name,
            @Nullable String email,
            @Nullable String language,
            @Nullable String verifyToken,
            @Nullable String withdrawToken,
            @Nullable String stopUpdatesToken,
            @Nullable String myDataToken) {

        private static final MailData ERASED = new MailData(null, null, null, null, null, null, null);

        /** Hides the personal data. */
        @Override
        public String toString() {
            return "MailData[…]";
        }
    }

    private record Place(UUID stream, int round) {}

    /**
     * Reads the data of several mails.
     *
     * @param wanted the signatures, alerts or petitions that the mails are for
     * @return one element for each, in the same order
     */
    public List<MailData> read(List<MailDataRequest> wanted) {
        Set<UUID> streams = wanted.stream().map(one -> one.place().stream()).collect(Collectors.toSet());
        Map<Place, MailData> found = byPlace(log.sealedEvents(streams));
        List<MailData> answer = new ArrayList<>(wanted.size());
        wanted.forEach(one -> answer.add(found.getOrDefault(one.place(), MailData.ERASED)));
        return answer;
    }

    private Map<Place, MailData> byPlace(Collection<EventLog.EventWithSecret> sealed) {
        Map<Place, MailData> found = new HashMap<>();
        for (EventLog.EventWithSecret one : sealed) {
            UUID stream = one.event().stream();
            Event event = one.event().recorded().event();
            if (event instanceof PetitionSigned signed) {
                PersonalData person = vault.open(stream, signed.sealed(), one.secret());
                Signing.MailTokens links = signing.mailTokens(signed.signature(), signed.round(), signed.at());
                found.put(
                        new Place(stream, signed.round()),
                        new MailData(
                                person.name(),
                                person.email(),
                                person.language().orElse(null),
                                links.verify(),
                                links.withdraw(),
                                links.stopUpdates(),
                                links.myData()));
            } else if (event instanceof PetitionPublished published) {
                PersonalData person = vault.open(stream, published.organiser(), one.secret());
                found.put(
                        new Place(stream, 0),
                        new MailData(person.name(), person.email(), published.language(), null, null, null, null));
            } else if (event instanceof AlertRequested requested) {
                PersonalData person = vault.open(stream, requested.recipient(), one.secret());
                // The recipient did not ask for the mail. The link to stop it never expires.
                found.put(
                        new Place(stream, 0),
                        new MailData(
                                person.name(),
                                person.email(),
                                person.language().orElse(null),
                                null,
                                null,
                                tokens.make(LinkPurpose.STOP_ALERT, requested.alert(), 0, LinkTokens.LATEST),
                                null));
            }
        }
        return found;
    }
}
