package org.countersign.signature.application;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureId;
import org.countersign.signature.domain.signature.SignatureCommand.SignerInput;
import org.countersign.signature.domain.signature.SignatureMails;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.SignatureStream;
import org.countersign.signature.eventlog.SignatureStreams;
import org.countersign.signature.personaldata.PersonalData;
import org.countersign.signature.personaldata.Vault;
import org.countersign.signature.token.AgainTokens;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/**
 * Sends the mail of a sign call again. The call stores a row, the same for each signer. The service decides afterwards
 * from the event log, as about a repeated sign call. A held call is not in the event log, so that nothing follows.
 */
@Service
public class MailAgain {

    private static final Logger LOG = LoggerFactory.getLogger(MailAgain.class);
    private static final int PAGE_SIZE = 100;
    private static final int POLL_MILLIS = 500;
    private static final String TAKE = """
            delete from mail_again where signature in (
                select signature from mail_again order by requested_at limit ? for update skip locked)
            returning signature""";

    private final JdbcClient database;
    private final EventLog log;
    private final SignatureStreams streams;
    private final Petitions petitions;
    private final Vault vault;
    private final AgainTokens tokens;
    private final Clock clock;

    MailAgain(
            JdbcClient database,
            EventLog log,
            SignatureStreams streams,
            Petitions petitions,
            Vault vault,
            AgainTokens tokens,
            Clock clock) {
        this.database = database;
        this.log = log;
        this.streams = streams;
        this.petitions = petitions;
        this.vault = vault;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** Makes the token with which a signer asks for the mail again, the same way whatever became of the sign call. */
    public String token(PetitionSlug petition, SignatureId signature) {
        return tokens.make(petition, signature, clock.instant());
    }

    /**
     * Asks for the mail again.
     *
     * @param token from the cookie of the page after signing; null if there is none
     * @return false if the token is missing, forged or too old
     */
    public boolean ask(PetitionSlug petition, @Nullable String token) {
        Optional<SignatureId> signature = tokens.read(petition, token, clock.instant());
        signature.ifPresent(asked -> database.sql(
                        "insert into mail_again (signature) values (?) on conflict (signature) do nothing")
                .param(asked.value())
                .update());
        return signature.isPresent();
    }

    /**
     * Takes the signers who asked, and sends their mails. Instances never take the same row. A row that a crash has
     * taken along is lost, and the signer may press the button again.
     */
    @Scheduled(fixedDelay = POLL_MILLIS, timeUnit = TimeUnit.MILLISECONDS)
    void sendAsked() {
        try {
            if (log.isOpen()) {
                database.sql(TAKE).param(PAGE_SIZE).query(UUID.class).list().forEach(this::process);
            }
        } catch (DataAccessException e) {
            LOG.warn("Mails that are asked for again wait for the database: {}", e.getMessage());
        }
    }

    private void process(UUID asked) {
        try {
            send(new SignatureId(asked));
        } catch (RuntimeException e) {
            LOG.warn("A mail is not sent again: {}", e.toString());
        }
    }

    private void send(SignatureId signature) {
        SignatureStream read = streams.read(signature);
        Optional<SignatureStream.SealedForm> form =
                SignatureMails.newestForm(read.history()).flatMap(read::form);
        Instant now = clock.instant();
        if (form.isEmpty()
                || petitions
                        .find(form.get().signed().petition())
                        .filter(petition -> petition.isOpen(now))
                        .isEmpty()) {
            return;
        }
        PetitionSigned signed = form.get().signed();
        PersonalData person =
                vault.open(signature.value(), signed.sealed(), form.get().secret());
        Vault.SealedWithSecret sealed = vault.seal(signature.value(), person);
        SignerInput input = new SignerInput(
                signed.petition(),
                signed.country(),
                signed.publicly(),
                signed.updates(),
                sealed.sealed(),
                sealed.secret(),
                signed.given());
        List<SignatureEvent> events = SignatureMails.again(read.history(), input, now);
        // If another command has appended in the meantime, its mail goes out, or the signer has left.
        if (!events.isEmpty()) {
            streams.append(read, events, sealed.secret(), TraceContext.current());
        }
    }
}
