package org.countersign.signature.application;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.countersign.events.AlertEvent;
import org.countersign.events.AlertRequested;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.alert.AlertCommand.RequestAlert;
import org.countersign.signature.domain.alert.AlertCommand.StopAlert;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.personaldata.PersonalData;
import org.countersign.signature.personaldata.PseudonymousIds;
import org.countersign.signature.personaldata.Vault;
import org.countersign.signature.token.LinkPurpose;
import org.countersign.signature.token.LinkTokens;
import org.springframework.stereotype.Service;

/** The recipients to whom organisers have milestone mails sent. */
@Service
public class Alerts {

    /** The maximum number of recipients of one petition. */
    private static final int MAX_RECIPIENTS = 50;

    private final CommandDispatcher commands;
    private final Petitions petitions;
    private final EventLog log;
    private final PseudonymousIds ids;
    private final Vault vault;
    private final LinkTokens tokens;
    private final Clock clock;

    Alerts(
            CommandDispatcher commands,
            Petitions petitions,
            EventLog log,
            PseudonymousIds ids,
            Vault vault,
            LinkTokens tokens,
            Clock clock) {
        this.commands = commands;
        this.petitions = petitions;
        this.log = log;
        this.ids = ids;
        this.vault = vault;
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * Adds a recipient. A repeated request replaces the earlier one.
     *
     * @throws org.countersign.signature.domain.InvalidFieldsException if a field of the form is invalid
     * @throws Rejection if there is no such petition, it has the maximum number of recipients, or the recipient has
     *     stopped the alerts
     */
    public AlertView request(String slug, AlertForm form) {
        Petition petition = petitions.get(slug);
        AlertForm.ValidAlert valid = form.validate(petition);
        UUID id = ids.ofAlert(petition.slug(), valid.address());
        Set<UUID> active = active(petition.slug());
        if (active.size() >= MAX_RECIPIENTS && !active.contains(id)) {
            throw new Rejection(Rejection.Reason.ENOUGH_ALERTS);
        }
        Vault.SealedWithSecret sealed = vault.seal(id, valid.person());
        RequestAlert command = new RequestAlert(
                id, petition.slug(), clock.instant(), valid.milestones(), sealed.sealed(), sealed.secret());
        try {
            commands.send(command);
        } catch (AggregateStreamCreationException e) {
            commands.send(command);
        }
        return view(id, valid.person(), command.milestones(), command.at());
    }

    /**
     * Returns the active alerts of a petition, the oldest first.
     *
     * @throws Rejection if there is no such petition
     */
    public List<AlertView> of(String slug) {
        Set<UUID> active = active(petitions.get(slug).slug());
        // Each request has its own secret. The last request counts.
        Map<UUID, AlertView> views = new LinkedHashMap<>();
        log.sealedEvents(active).forEach(entry -> {
            AlertRequested requested = (AlertRequested) entry.event().recorded().event();
            PersonalData person = vault.open(requested.alert(), requested.recipient(), entry.secret());
            views.put(requested.alert(), view(requested.alert(), person, requested.milestones(), requested.at()));
        });
        return views.values().stream()
                .sorted(Comparator.comparing(AlertView::since))
                .toList();
    }

    private Set<UUID> active(PetitionSlug petition) {
        Set<UUID> active = new HashSet<>();
        log.alertEvents(petition).forEach(stored -> {
            AlertEvent event = (AlertEvent) stored.recorded().event();
            if (event instanceof AlertRequested) {
                active.add(event.alert());
            } else {
                active.remove(event.alert());
            }
        });
        return active;
    }

    private static AlertView view(UUID id, PersonalData person, List<Long> milestones, Instant since) {
        return new AlertView(
                id, person.name(), person.email(), person.language().orElseThrow(), milestones, since);
    }

    /**
     * Removes a recipient on behalf of the organiser and erases name and address.
     *
     * @throws Rejection if the petition has no such alert
     */
    public void stop(String slug, UUID alert) {
        if (!active(petitions.get(slug).slug()).contains(alert)) {
            throw new Rejection(Rejection.Reason.NO_ALERT);
        }
        commands.send(new StopAlert(alert, clock.instant(), false));
    }

    /** Removes all recipients of a petition and erases their names and addresses. */
    public void stopAll(PetitionSlug petition) {
        active(petition).forEach(alert -> commands.send(new StopAlert(alert, clock.instant(), false)));
    }

    /**
     * Removes a recipient at their own request and erases name and address. Nobody can add the recipient again.
     *
     * @param token from the link in the mail
     * @return the petition
     */
    public PetitionSlug stop(String token) {
        return commands.send(
                new StopAlert(tokens.read(LinkPurpose.STOP_ALERT, token).subject(), clock.instant(), true));
    }
}
