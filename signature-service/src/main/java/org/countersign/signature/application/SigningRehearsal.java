package org.countersign.signature.application;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.maildata.MailDataRequest;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.eventlog.LogRehearsal;
import org.countersign.signature.eventlog.LogRehearsal.RehearsedLog;
import org.countersign.signature.people.PersonInvitations;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.personaldata.PseudonymousIds;
import org.countersign.signature.personaldata.RecipientKeys;
import org.countersign.signature.personaldata.Vault;
import org.countersign.signature.proof.SigningProofs;
import org.countersign.signature.screening.SigningScreening;
import org.countersign.signature.signals.SigningSignals;
import org.countersign.signature.token.LinkTokens;
import org.springframework.stereotype.Component;

/** Makes the parts that sign and confirm over an event log of the warm-up. */
@Component
public class SigningRehearsal {

    /** The petition that every call of the warm-up signs. It is in no log. */
    public static final PetitionSlug PETITION = new PetitionSlug("warm-up");

    private final LogRehearsal logs;
    private final CommandGateway gateway;
    private final PseudonymousIds ids;
    private final Vault vault;
    private final LinkTokens tokens;
    private final Signing.TokenLifetimes lifetimes;
    private final PageLinks links;
    private final RecipientKeys keys;
    private final SuppressedRecipients suppressed;
    private final PersonInvitations invitations;
    private final Clock clock;

    SigningRehearsal(
            LogRehearsal logs,
            CommandGateway gateway,
            PseudonymousIds ids,
            Vault vault,
            LinkTokens tokens,
            Signing.TokenLifetimes lifetimes,
            PageLinks links,
            RecipientKeys keys,
            SuppressedRecipients suppressed,
            PersonInvitations invitations,
            Clock clock) {
        this.logs = logs;
        this.gateway = gateway;
        this.ids = ids;
        this.vault = vault;
        this.tokens = tokens;
        this.lifetimes = lifetimes;
        this.links = links;
        this.keys = keys;
        this.suppressed = suppressed;
        this.invitations = invitations;
        this.clock = clock;
    }

    /** The parts that use a log of the warm-up. */
    public static final class RehearsedSigning implements AutoCloseable {

        private final RehearsedLog log;
        private final Signing signing;
        private final Confirmations confirmations;
        private final MailDataReader mailData;

        private RehearsedSigning(
                RehearsedLog log, Signing signing, Confirmations confirmations, MailDataReader mailData) {
            this.log = log;
            this.signing = signing;
            this.confirmations = confirmations;
            this.mailData = mailData;
        }

        /** Returns what signs and confirms. */
        public Signing signing() {
            return signing;
        }

        /** Returns what reads the form that a link would confirm. */
        public Confirmations confirmations() {
            return confirmations;
        }

        /** Returns what reads the data of mails. */
        public MailDataReader mailData() {
            return mailData;
        }

        @Override
        public void close() {
            log.close();
        }
    }

    /**
     * Makes the parts over a new log.
     *
     * @throws SQLException if the tables of the log cannot be copied
     */
    public RehearsedSigning open() throws SQLException {
        RehearsedLog log = logs.open(PETITION);
        Petitions petitions = new OnePetition(log, vault, clock);
        Signing signing = new Signing(
                new CommandDispatcher(gateway, new SimpleMeterRegistry()),
                log.streams(),
                SigningScreening.NONE,
                SigningSignals.NONE,
                SigningProofs.NONE,
                (petition, at) -> true,
                petitions,
                ids,
                vault,
                tokens,
                lifetimes,
                clock);
        return new RehearsedSigning(
                log,
                signing,
                new Confirmations(signing, petitions, log.streams(), vault, tokens),
                new MailDataReader(
                        log.log(),
                        vault,
                        signing,
                        tokens,
                        links,
                        keys,
                        suppressed,
                        new ReminderPolicy(log.streams(), petitions, lifetimes, clock),
                        invitations));
    }

    /** Returns the request for the mail data of an address that has signed. */
    public MailDataRequest mailOf(String address) {
        SignatureId signature = ids.of(PETITION, EmailAddress.parse(address));
        return new MailDataRequest(PETITION.value(), signature.value(), 1, null);
    }

    /** The petition is in memory, as that of a real sign call. */
    private static final class OnePetition extends Petitions {

        private final Petition petition;

        private OnePetition(RehearsedLog log, Vault vault, Clock clock) {
            super(log.log(), vault, clock);
            petition = new Petition(
                    PETITION,
                    "Warm-up",
                    "Warm-up",
                    List.of("Nobody"),
                    100,
                    List.of(),
                    "en",
                    "",
                    clock.instant().minus(Duration.ofDays(1)),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    Petition.FIRST_ORGANISATION,
                    true);
        }

        @Override
        public Petition get(String slug) {
            return petition;
        }
    }
}
