package org.countersign.notifier.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.countersign.maildata.MailRecipient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The limits of recipients and of their domains, shared by all instances. Nobody can fill the mailbox of somebody else
 * by signing in that person's name. A mail over a limit waits for its turn, and other mails pass it.
 *
 * <p>One statement takes the turns of a whole batch. It locks the rows of the recipients, so that two workers never
 * share a turn. See {@code R__take_mail_turns.sql}.
 */
@Component
public class MailTurns {

    private static final Logger LOG = LoggerFactory.getLogger(MailTurns.class);
    private static final int CLEANING_MINUTES = 10;
    private static final String SUPPRESSED = "The recipient asked never to get a mail again.";
    private static final String TAKE = """
            select waiting, due, by_domain from take_mail_turns(?, ?, ?, ?, ?)""";

    private final JdbcTemplate database;
    private final int perHour;
    private final DomainLimits domains;
    private final MeterRegistry meters;

    /**
     * Creates the limits.
     *
     * @param perHour the maximum number of mails to a recipient in an hour; 0 for no limit
     * @param domains the limits of domains
     */
    MailTurns(
            JdbcTemplate database,
            @Value("${countersign.mail.per-recipient-hour}") int perHour,
            DomainLimits domains,
            MeterRegistry meters) {
        if (perHour < 0) {
            throw new IllegalArgumentException(
                    "COUNTERSIGN_MAIL_PER_RECIPIENT_HOUR is " + perHour + ", but must be 0 for no limit, or more");
        }
        this.database = database;
        this.perHour = perHour;
        this.domains = domains;
        this.meters = meters;
        for (LimitedBy reason : LimitedBy.values()) {
            postponed(reason, 0);
        }
        suppressed(0);
    }

    private enum LimitedBy {
        RECIPIENT("The recipient got as many mails within an hour as the limit allows. The mail waits."),
        DOMAIN("The domain of the recipient gets as many mails as its limit allows. The mail waits.");

        private final String text;

        LimitedBy(String text) {
            this.text = text;
        }
    }

    private void postponed(LimitedBy reason, int mails) {
        meters.counter(
                        "countersign.deliveries.postponed",
                        "limit",
                        reason.name().toLowerCase(java.util.Locale.ROOT))
                .increment(mails);
    }

    private void suppressed(int mails) {
        meters.counter("countersign.deliveries.suppressed").increment(mails);
    }

    /**
     * Takes the turns of mails that are to be sent now.
     *
     * @param mails the mails of a batch, in their order, with their recipients
     * @return the outcomes of the mails that must not be sent: those that wait, and those to recipients who want none
     */
    public Map<Delivery, DeliveryOutcome> take(Map<Delivery, MailRecipient> mails) {
        Map<Delivery, DeliveryOutcome> refused = new HashMap<>();
        Map<UUID, Map.Entry<Delivery, MailRecipient>> limited = new LinkedHashMap<>();
        for (Map.Entry<Delivery, MailRecipient> mail : mails.entrySet()) {
            Delivery delivery = mail.getKey();
            if (mail.getValue().suppressed() && delivery.kind().isSuppressible()) {
                refused.put(delivery, DeliveryOutcome.suppressed(SUPPRESSED));
            } else if (hasLimit(delivery, mail.getValue())) {
                limited.put(delivery.id(), mail);
            }
        }
        suppressed(refused.size());
        if (!limited.isEmpty()) {
            for (PostponedMail waiting : take(List.copyOf(limited.values()))) {
                Map.Entry<Delivery, MailRecipient> mail = limited.get(waiting.id());
                if (mail != null) {
                    postponed(waiting.reason(), 1);
                    refused.put(mail.getKey(), DeliveryOutcome.postponed(waiting.due(), waiting.reason().text));
                }
            }
        }
        return refused;
    }

    private boolean hasLimit(Delivery delivery, MailRecipient recipient) {
        return perHour > 0 && delivery.kind().isLimited() || domains.of(recipient.domain()) != null;
    }

    private record PostponedMail(UUID id, Instant due, LimitedBy reason) {}

    private List<PostponedMail> take(List<Map.Entry<Delivery, MailRecipient>> mails) {
        return database.query(TAKE, statement -> bind(statement, mails), MailTurns::waiting);
    }

    private static PostponedMail waiting(ResultSet row, int number) throws SQLException {
        return new PostponedMail(
                row.getObject("waiting", UUID.class),
                row.getTimestamp("due").toInstant(),
                row.getBoolean("by_domain") ? LimitedBy.DOMAIN : LimitedBy.RECIPIENT);
    }

    private void bind(PreparedStatement statement, List<Map.Entry<Delivery, MailRecipient>> mails) throws SQLException {
        Connection connection = statement.getConnection();
        statement.setArray(
                1, array(connection, "uuid", mails, mail -> mail.getKey().id()));
        statement.setArray(
                2,
                array(
                        connection,
                        "uuid",
                        mails,
                        mail -> perHour > 0 && mail.getKey().kind().isLimited()
                                ? mail.getValue().key()
                                : null));
        statement.setInt(3, perHour);
        statement.setArray(
                4, array(connection, "uuid", mails, mail -> mail.getValue().domainKey()));
        statement.setArray(
                5,
                array(
                        connection,
                        "int4",
                        mails,
                        mail -> domains.of(mail.getValue().domain())));
    }

    private static <T> Array array(
            Connection connection, String type, List<T> elements, Function<T, @Nullable Object> value)
            throws SQLException {
        return connection.createArrayOf(type, elements.stream().map(value).toArray());
    }

    /** Removes the rows without a turn in the last hour and without a mail that waits. */
    @Scheduled(fixedDelay = CLEANING_MINUTES, initialDelay = CLEANING_MINUTES, timeUnit = TimeUnit.MINUTES)
    void clean() {
        try {
            database.update("""
                    delete from recipient_turn
                    where not exists (select from unnest(taken_at) as turn (at) where at > now() - interval '1 hour')
                      and not exists (select from unnest(promised) as turn (at) where at > now())""");
            database.update("""
                    delete from domain_turn
                    where greatest(used_up_to, waiting_until) < now() - interval '1 hour'""");
        } catch (DataAccessException e) {
            LOG.debug("Old turns stay until the next cleaning: {}", e.toString());
        }
    }
}
