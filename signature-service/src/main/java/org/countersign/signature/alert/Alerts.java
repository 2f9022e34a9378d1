package org.countersign.signature.alert;

import java.time.Clock;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.countersign.events.AlertEvent;
import org.countersign.events.AlertRequested;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.Commands;
import org.countersign.signature.alert.AlertCommand.RequestAlert;
import org.countersign.signature.alert.AlertCommand.StopAlert;
import org.countersign.signature.log.EventLog;
import org.countersign.signature.petition.Petition;
import org.countersign.signature.petition.Petitions;
import org.countersign.signature.problem.Refusal;
import org.countersign.signature.signer.PersonalData;
import org.countersign.signature.signer.SignatureIds;
import org.countersign.signature.signer.Vault;
import org.countersign.signature.signing.tokens.Purpose;
import org.countersign.signature.signing.tokens.Tokens;
import org.springframework.stereotype.Service;

/** Whom organisers want told of milestones by mail, such as the petition's recipients. */
@Service
public class Alerts {

    /** A petition has as many recipients at most. */
    private static final int MOST = 50;

    private final Commands commands;
    private final Petitions petitions;
    private final EventLog log;
    private final SignatureIds ids;
    private final Vault vault;
    private final Tokens tokens;
    private final Clock clock;

    Alerts(Commands commands, Petitions petitions, EventLog log, SignatureIds ids, Vault vault, Tokens tokens, Clock clock) {
        this.commands = commands;
        this.petitions = petitions;
        this.log = log;
        this.ids = ids;
        this.vault = vault;
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * Has somebody told from now on; who is told already from now on as this form says.
     *
     * @throws org.countersign.signature.problem.InvalidFieldsException if a field of the form is not what it must be
     * @throws Refusal if there is no such petition, enough are told already, or they said that they do not want to be
     */
    public AlertView request(String slug, AlertForm form) {
        Petition petition = petitions.get(slug);
        AlertForm.Valid valid = form.validate(petition);
        UUID id = ids.ofAlert(petition.slug(), valid.address());
        List<AlertView> others = of(slug).stream().filter(one -> !one.id().equals(id)).toList();
        if (others.size() >= MOST) {
            throw new Refusal(Refusal.Reason.ENOUGH_ALERTS);
        }
        Vault.SealedWithSecret sealed = vault.seal(id, valid.person());
        RequestAlert command = new RequestAlert(id, petition.slug(), clock.instant(), valid.milestones(), sealed.sealed(), sealed.secret());
        try {
            commands.send(command);
        } catch (AggregateStreamCreationException requestedMeanwhile) {
            commands.send(command);
        }
        return view(command.alert(), new AlertRequested(id, command.petition(), command.at(), command.milestones(), command.recipient()), valid.person());
    }

    /**
     * The alerts of a petition that are on, the oldest first.
     *
     * @throws Refusal if there is no such petition
     */
    public List<AlertView> of(String slug) {
        Map<UUID, AlertRequested> on = on(petitions.get(slug).slug());
        // A secret belongs to one event: of who was requested again the last one counts.
        Map<UUID, AlertView> views = new LinkedHashMap<>();
        log.sealed(on.keySet()).forEach(sealed -> {
            AlertRequested requested = (AlertRequested) sealed.event().recorded().event();
            views.put(requested.alert(), view(requested.alert(), requested, vault.open(requested.alert(), requested.recipient(), sealed.secret())));
        });
        return views.values().stream().sorted(Comparator.comparing(AlertView::since)).toList();
    }

    private Map<UUID, AlertRequested> on(PetitionSlug petition) {
        Map<UUID, AlertRequested> on = new LinkedHashMap<>();
        log.alertEvents(petition).forEach(stored -> {
            AlertEvent event = (AlertEvent) stored.recorded().event();
            if (event instanceof AlertRequested requested) {
                on.put(event.alert(), requested);
            } else {
                on.remove(event.alert());
            }
        });
        return on;
    }

    private static AlertView view(UUID id, AlertRequested requested, PersonalData person) {
        return new AlertView(id, person.name(), person.email(), person.language().orElseThrow(), requested.milestones(), requested.at());
    }

    /**
     * Tells somebody of no milestone any more and forgets who they are, as the organiser wishes.
     *
     * @throws Refusal if the petition has no such alert
     */
    public void stop(String slug, UUID alert) {
        if (!on(petitions.get(slug).slug()).containsKey(alert)) {
            throw new Refusal(Refusal.Reason.NO_ALERT);
        }
        commands.send(new StopAlert(alert, clock.instant(), false));
    }

    /** Tells nobody of the petition's milestones any more and forgets who they were. */
    public void stopAll(PetitionSlug petition) {
        on(petition).keySet().forEach(alert -> commands.send(new StopAlert(alert, clock.instant(), false)));
    }

    /**
     * Tells somebody of no milestone any more and forgets who they are, as they wish themselves. Nobody can have them told again.
     *
     * @param token from the mail's link
     * @return the petition it was about
     */
    public PetitionSlug stop(String token) {
        return commands.send(new StopAlert(tokens.read(Purpose.STOP_ALERT, token).subject(), clock.instant(), true));
    }
}
