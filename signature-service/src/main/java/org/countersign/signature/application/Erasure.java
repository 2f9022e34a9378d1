package org.countersign.signature.application;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.signature.ContactConsent;
import org.countersign.signature.domain.signature.SignatureCommand.EraseSigner;
import org.countersign.signature.domain.signature.SignatureView;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.HeldSignings;
import org.countersign.signature.eventlog.RepeatedSignings;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.signature.personaldata.PersonalData;
import org.countersign.signature.personaldata.Vault;
import org.countersign.signature.token.LinkPurpose;
import org.countersign.signature.token.LinkTokens;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Access to personal data and its erasure. An erasure destroys the secret that opens the sealed data, in the
 * transaction that records the erasure. Afterwards nobody can read the data, wherever copies of it are. The signature
 * keeps its status.
 */
@Service
public class Erasure {

    private final CommandDispatcher commands;
    private final EventLog log;
    private final RepeatedSignings calls;
    private final HeldSignings held;
    private final Vault vault;
    private final LinkTokens tokens;
    private final Petitions petitions;
    private final SuppressedRecipients suppressed;
    private final Clock clock;

    Erasure(
            CommandDispatcher commands,
            EventLog log,
            RepeatedSignings calls,
            HeldSignings held,
            Vault vault,
            LinkTokens tokens,
            Petitions petitions,
            SuppressedRecipients suppressed,
            Clock clock) {
        this.commands = commands;
        this.log = log;
        this.held = held;
        this.calls = calls;
        this.vault = vault;
        this.tokens = tokens;
        this.petitions = petitions;
        this.suppressed = suppressed;
        this.clock = clock;
    }

    /**
     * Erases the personal data of a signer. Repeating the call changes nothing.
     *
     * @param token from the link in the mail
     * @throws Rejection if the token has expired
     */
    public SignatureView erase(String token) {
        return erase(tokens.read(LinkPurpose.MY_DATA, token).signature());
    }

    /**
     * Erases a signer's personal data on behalf of the signer, with the sign calls of the address that wait or are
     * held.
     *
     * @throws AggregateNotFoundException if the signer has neither signed nor a held call
     */
    public SignatureView erase(SignatureId signature) {
        Optional<PetitionSlug> heldFor = held.forget(signature);
        try {
            return commands.send(new EraseSigner(signature, clock.instant(), calls.isWaiting(signature)));
        } catch (AggregateNotFoundException e) {
            return heldFor.map(petition -> new SignatureView(signature, petition, SignatureStatus.NONE))
                    .orElseThrow(() -> e);
        }
    }

    /**
     * Returns all data that is held about a signer.
     *
     * @param token from the link in the mail
     * @throws Rejection if the token has expired
     */
    public MyData myData(String token) {
        SignatureId signature = tokens.read(LinkPurpose.MY_DATA, token).signature();
        List<EventLog.EventWithSecret> held = log.sealedEvents(List.of(signature.value()));
        Map<Long, PersonalData> opened = held.stream()
                .filter(entry -> entry.event().type() == EventType.PETITION_SIGNED)
                .collect(Collectors.toMap(
                        entry -> entry.event().index(),
                        entry -> vault.open(
                                signature.value(),
                                ((PetitionSigned) entry.event().recorded().event()).sealed(),
                                entry.secret())));
        List<MyData.GivenData> given = new ArrayList<>();
        List<MyData.SignatureEventView> events = new ArrayList<>();
        List<SignatureEvent> history = new ArrayList<>();
        SignatureStatus status = SignatureStatus.NONE;
        String petition = "";
        for (StoredEvent stored : log.stream(signature.value(), 0)) {
            SignatureEvent event = (SignatureEvent) stored.recorded().event();
            history.add(event);
            events.add(new MyData.SignatureEventView(stored.type().text(), stored.at()));
            petition = stored.petition().value();
            status = event.becomes();
            if (event instanceof PetitionSigned signed) {
                given.add(given(signed, opened.get(stored.index())));
            }
        }
        // All rounds of one signature have the same canonical address.
        MyData.MailChoice mails = opened.values().stream()
                .findAny()
                .flatMap(person -> suppressed.choice(person.email()))
                .orElse(null);
        return new MyData(
                signature.toString(),
                petition,
                status.text(),
                held.isEmpty(),
                given,
                events,
                mails,
                !history.isEmpty() && ContactConsent.of(history),
                notices(petition, given));
    }

    private static MyData.GivenData given(PetitionSigned signed, @Nullable PersonalData person) {
        return new MyData.GivenData(
                signed.round(),
                signed.at(),
                signed.country().value(),
                signed.publicly(),
                signed.updates(),
                person == null ? null : person.name(),
                person == null ? null : person.email(),
                person == null ? null : person.comment().orElse(null),
                person == null ? null : person.language().orElse(null),
                signed.given().notice() == 0 ? null : signed.given().notice(),
                signed.given().consent(),
                signed.given().contact());
    }

    /** Returns the versions of the notice that the signings name, the oldest first. */
    private List<NoticeView> notices(String petition, List<MyData.GivenData> given) {
        List<Integer> versions = given.stream()
                .map(MyData.GivenData::notice)
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .toList();
        return versions.stream()
                .flatMap(version -> petitions.get(petition).notice(version).stream())
                .map(NoticeView::of)
                .toList();
    }
}
