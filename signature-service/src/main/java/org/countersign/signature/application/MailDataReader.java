package org.countersign.signature.application;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.countersign.events.AlertRequested;
import org.countersign.events.Event;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SigningRepeated;
import org.countersign.maildata.MailData;
import org.countersign.maildata.MailDataRequest;
import org.countersign.maildata.MailLinks;
import org.countersign.maildata.MailRecipient;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.StreamIds;
import org.countersign.signature.people.PersonInvitations;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.personaldata.PersonalData;
import org.countersign.signature.personaldata.RecipientKeys;
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
    private final PageLinks links;
    private final RecipientKeys keys;
    private final SuppressedRecipients suppressed;
    private final ReminderPolicy reminders;
    private final PersonInvitations invitations;

    MailDataReader(
            EventLog log,
            Vault vault,
            Signing signing,
            LinkTokens tokens,
            PageLinks links,
            RecipientKeys keys,
            SuppressedRecipients suppressed,
            ReminderPolicy reminders,
            PersonInvitations invitations) {
        this.log = log;
        this.vault = vault;
        this.signing = signing;
        this.tokens = tokens;
        this.links = links;
        this.keys = keys;
        this.suppressed = suppressed;
        this.reminders = reminders;
        this.invitations = invitations;
    }

    /** Identifies sealed data: a stream, and the round for signatures. */
    private record SealedPlace(UUID stream, int round) {

        static SealedPlace of(MailDataRequest request) {
            if (request.invitation() != null) {
                return new SealedPlace(request.invitation(), 0);
            }
            if (request.signature() != null) {
                return new SealedPlace(request.signature(), request.round());
            }
            UUID stream =
                    request.alert() != null ? request.alert() : StreamIds.stream(new PetitionSlug(request.petition()));
            return new SealedPlace(stream, 0);
        }
    }

    /**
     * Reads the data of several mails.
     *
     * @param requests the signatures, alerts or petitions that the mails are for
     * @return one element for each, in the same order; empty after an erasure
     */
    public List<Optional<MailData>> read(List<MailDataRequest> requests) {
        Set<UUID> streams = requests.stream()
                .filter(request -> request.invitation() == null)
                .map(SealedPlace::of)
                .map(SealedPlace::stream)
                .collect(Collectors.toSet());
        Map<SealedPlace, MailData> found = new HashMap<>();
        log.sealedEvents(streams).forEach(entry -> open(entry, found));
        requests.stream()
                .flatMap(request -> Optional.ofNullable(request.invitation()).stream())
                .forEach(invitation ->
                        invitationMail(invitation).ifPresent(mail -> found.put(new SealedPlace(invitation, 0), mail)));
        markSuppressed(found);
        return requests.stream()
                .map(request ->
                        Optional.ofNullable(found.get(SealedPlace.of(request))).map(data -> answer(request, data)))
                .toList();
    }

    /** Only the answer about a reminder tells whether the signer may be reminded. */
    private MailData answer(MailDataRequest request, MailData data) {
        return request.signature() == null || request.pendingFor() == null
                ? data
                : new MailData(
                        data.name(),
                        data.email(),
                        data.language(),
                        data.links(),
                        data.recipient(),
                        reminders.allows(request.signature(), request.round(), request.pendingFor()),
                        null);
    }

    private Optional<MailData> invitationMail(UUID id) {
        return invitations.mail(id).map(mail -> {
            PersonInvitations.OpenInvitation invited = mail.invitation();
            MailRecipient recipient = recipient(invited.email()).orElse(null);
            return new MailData(
                    invited.name(),
                    invited.email(),
                    invited.language(),
                    new MailLinks(links.invitation(mail.token()), null, null, null, null, null, neverWrite(recipient)),
                    recipient,
                    null,
                    mail.organisation());
        });
    }

    private void open(EventLog.EventWithSecret sealed, Map<SealedPlace, MailData> found) {
        UUID stream = sealed.event().stream();
        Event event = sealed.event().recorded().event();
        if (event instanceof PetitionSigned signed) {
            PersonalData person = vault.open(stream, signed.sealed(), sealed.secret());
            found.put(
                    new SealedPlace(stream, signed.round()), data(person, recipient -> signerLinks(signed, recipient)));
        } else if (event instanceof SigningRepeated repeated
                && repeated.sealed().isPresent()) {
            PersonalData person = vault.open(stream, repeated.sealed().get(), sealed.secret());
            // The confirmed round has been erased. Only the address is left.
            found.putIfAbsent(
                    new SealedPlace(stream, repeated.round()),
                    data(person, recipient -> signerLinks(repeated, recipient)));
        } else if (event instanceof PetitionPublished published) {
            PersonalData person = vault.open(stream, published.organiser(), sealed.secret());
            MailLinks organiserLinks =
                    new MailLinks(links.petition(published.petition()), null, null, null, null, null, null);
            found.put(
                    new SealedPlace(stream, 0),
                    new MailData(
                            person.name(),
                            person.email(),
                            published.language(),
                            organiserLinks,
                            recipient(person.email()).orElse(null)));
        } else if (event instanceof AlertRequested requested) {
            PersonalData person = vault.open(stream, requested.recipient(), sealed.secret());
            found.put(new SealedPlace(stream, 0), data(person, recipient -> recipientLinks(requested, recipient)));
        }
    }

    /** Marks the recipients who want no mail. One statement asks for all. */
    private void markSuppressed(Map<SealedPlace, MailData> found) {
        Set<UUID> recipients = found.values().stream()
                .map(MailData::recipient)
                .filter(Objects::nonNull)
                .map(MailRecipient::key)
                .collect(Collectors.toSet());
        Set<UUID> wantNone = recipients.isEmpty() ? Set.of() : suppressed.among(recipients);
        if (!wantNone.isEmpty()) {
            found.replaceAll((place, data) -> marked(data, wantNone));
        }
    }

    private static MailData marked(MailData data, Set<UUID> wantNone) {
        MailRecipient one = data.recipient();
        if (one == null || !wantNone.contains(one.key())) {
            return data;
        }
        MailRecipient marked = new MailRecipient(one.key(), one.domain(), one.domainKey(), true);
        return new MailData(
                data.name(), data.email(), data.language(), data.links(), marked, data.remind(), data.organisation());
    }

    private MailData data(PersonalData person, Function<@Nullable MailRecipient, MailLinks> linksFor) {
        MailRecipient recipient = recipient(person.email()).orElse(null);
        return new MailData(
                person.name(), person.email(), person.language().orElse(null), linksFor.apply(recipient), recipient);
    }

    /** An address of an earlier release may break today's rules. It has no limit, and the mail server decides. */
    private Optional<MailRecipient> recipient(String email) {
        try {
            EmailAddress address = EmailAddress.parse(email);
            return Optional.of(new MailRecipient(keys.of(address), address.domain(), keys.ofDomain(address), false));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private @Nullable String neverWrite(@Nullable MailRecipient recipient) {
        return recipient == null ? null : links.neverWrite(suppressed.token(recipient.key()));
    }

    private MailLinks signerLinks(SignatureEvent signed, @Nullable MailRecipient recipient) {
        Signing.MailTokens mail = signing.mailTokens(signed.signature(), signed.round(), signed.at());
        return new MailLinks(
                links.petition(signed.petition()),
                links.confirm(mail.verify()),
                links.withdraw(mail.withdraw()),
                links.unsubscribe(mail.stopUpdates()),
                links.myData(mail.myData()),
                links.receipt(mail.myData()),
                neverWrite(recipient));
    }

    private MailLinks recipientLinks(AlertRequested requested, @Nullable MailRecipient recipient) {
        // The recipient did not ask for the mail. The link to stop it never expires.
        String token = tokens.make(LinkPurpose.STOP_ALERT, requested.alert(), 0, LinkTokens.MAX_EXPIRY);
        return new MailLinks(
                links.petition(requested.petition()),
                null,
                null,
                links.stopAlert(token),
                null,
                null,
                neverWrite(recipient));
    }
}
