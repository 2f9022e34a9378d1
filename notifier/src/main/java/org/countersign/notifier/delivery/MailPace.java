package org.countersign.notifier.delivery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The limit of the mail provider, shared by all instances. Mailings to subscribers and reminders take what other mails
 * leave, so that a signer does not wait for the confirmation mail behind them.
 */
@Component
class MailPace {

    /** An unused second may be made up for at once. */
    private static final String TAKE = """
            with pace as (
                select greatest(used_up_to, clock_timestamp() - interval '1 second') as used from mail_pace for update
            ), taken as (
                select used,
                    least(:wanted, floor(extract(epoch from clock_timestamp() - used) * :rate))::integer as mails
                from pace
            )
            update mail_pace set used_up_to = used + make_interval(secs => mails::double precision / :rate)
            from taken returning mails""";

    private static final String MAILS_ARE_DUE = """
            select exists (
                select from delivery where state = 'planned' and medium = :medium and next_attempt <= now())""";

    private final JdbcClient database;
    private final int perSecond;

    /** @param perSecond the maximum number of mails per second; 0 for no limit */
    MailPace(JdbcClient database, @Value("${countersign.mail.per-second}") int perSecond, MeterRegistry meters) {
        if (perSecond < 0) {
            throw new IllegalArgumentException(
                    "COUNTERSIGN_MAIL_PER_SECOND is " + perSecond + ", but must be 0 for no limit, or more");
        }
        this.database = database;
        this.perSecond = perSecond;
        Gauge.builder("countersign.mail.limit", () -> perSecond)
                .description("Maximum number of mails per second; 0 for no limit")
                .register(meters);
    }

    /**
     * Takes the right to send mails now.
     *
     * @return the number of mails that may be sent, at most the number wanted
     */
    int take(DeliveryChannel channel, int wanted) {
        if (perSecond == 0 || channel == DeliveryChannel.WEBHOOK) {
            return wanted;
        }
        if (!isDue(channel) || channel != DeliveryChannel.MAIL && isDue(DeliveryChannel.MAIL)) {
            return 0;
        }
        return database.sql(TAKE)
                .param("wanted", wanted)
                .param("rate", perSecond)
                .query(Integer.class)
                .single();
    }

    private boolean isDue(DeliveryChannel channel) {
        return database.sql(MAILS_ARE_DUE)
                .param("medium", channel.text())
                .query(Boolean.class)
                .single();
    }

    /** Gives back what was taken and not used. */
    void giveBack(DeliveryChannel channel, int mails) {
        if (perSecond > 0 && channel != DeliveryChannel.WEBHOOK && mails > 0) {
            database.sql("update mail_pace set used_up_to = used_up_to - make_interval(secs => ?)")
                    .param((double) mails / perSecond)
                    .update();
        }
    }
}
