package org.countersign.notifier.planning;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Parks deliveries that an earlier database may have sent: after a restore, or after the loss of the database. Nobody
 * is mailed twice, and nothing is lost in silence. An organiser retries what the mail server's log lacks.
 */
@Component
class EarlierDeliveries {

    private static final String REASON = "The database was restored or lost after this was planned, so it may have "
            + "been sent. Retry it if the mail server's log lacks its id.";

    private final JdbcTemplate database;

    EarlierDeliveries(JdbcTemplate database) {
        this.database = database;
    }

    /** Parks everything that is not sent yet. */
    void parkAll() {
        database.update("update delivery set state = 'parked', error = ? where state = 'planned'", REASON);
        database.update("update mailing set planned_before = true where ended_at is null");
        // The lost database may have planned reminders for what is stored here.
        database.update("update reminder_start set since = now()");
    }

    /** Parks what the current transaction has planned. */
    void parkOfThisTransaction() {
        // The default of both columns is the time at which the transaction began.
        database.update(
                "update delivery set state = 'parked', error = ? where state = 'planned' and planned_at = now()",
                REASON);
        database.update("update mailing set planned_before = true where begun_at = now()");
    }
}
