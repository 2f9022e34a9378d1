package org.countersign.support.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.countersign.support.credentials.LoginListener;
import org.countersign.support.credentials.NetworkPrefix;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * The audit trail of access, in the table {@code access_log} of the service's database: logins, exports, reads of
 * personal data, and changes by an organiser. An action whose entry cannot be written fails.
 *
 * <p>An entry has the network of the client and not its address.
 */
public final class AccessLog implements LoginListener {

    private static final int MAX_OBJECT_LENGTH = 200;
    /** Further failed logins of a minute are only counted: strangers must not fill the table. */
    private static final int MAX_FAILURES_PER_MINUTE = 600;

    private static final long MINUTE_MILLIS = 60_000;
    /** The database refuses to delete younger entries. */
    private static final Duration MIN_KEEP = Duration.ofDays(30);

    private final JdbcClient database;
    private final Clock clock;
    private final Duration keep;
    private final AtomicLong minute = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    /**
     * Creates the log.
     *
     * @param database the service's database
     * @param keep the time after which entries are deleted
     * @throws IllegalArgumentException if that time is less than the database allows
     */
    AccessLog(JdbcClient database, Clock clock, Duration keep) {
        if (keep.compareTo(MIN_KEEP) < 0) {
            throw new IllegalArgumentException("COUNTERSIGN_ACCESS_LOG_KEEP must be 30d or more.");
        }
        this.database = database;
        this.clock = clock;
        this.keep = keep;
    }

    /**
     * Writes an entry.
     *
     * @param user the user, or {@code signer} for the owner of a mail link
     * @param action what the user does, for example {@code export signatures}
     * @param object with what, for example the petition's slug; may be empty
     * @param rows the number of rows that were read; null if it is not known yet
     * @param address the client's address
     * @throws org.springframework.dao.DataAccessException if the entry is not written. Then the action must not happen.
     */
    public void record(String user, String action, String object, @Nullable Long rows, String address) {
        database.sql("insert into access_log (user_name, action, object, row_count, network) values (?, ?, ?, ?, ?)")
                .param(user)
                .param(action)
                .param(object.substring(0, Math.min(MAX_OBJECT_LENGTH, object.length())))
                .param(rows)
                .param(NetworkPrefix.ofLogs(address))
                .update();
    }

    @Override
    public void accepted(String user, String address) {
        record(user, "login", "", null, address);
    }

    @Override
    public void rejected(String user, String address) {
        long now = clock.millis() / MINUTE_MILLIS;
        if (minute.getAndSet(now) != now) {
            failures.set(0);
        }
        if (failures.incrementAndGet() <= MAX_FAILURES_PER_MINUTE) {
            record(user, "failed login", "", null, address);
        }
    }

    /**
     * What an entry is about.
     *
     * @param action what the user did
     * @param object with what; may be empty
     */
    public record LogEntry(String action, String object) {}

    /**
     * Reads entries from a time on, oldest first.
     *
     * @param readable which entries to read
     */
    void forEach(Instant from, Predicate<LogEntry> readable, Consumer<Map<String, @Nullable Object>> reader) {
        String entries = """
                select at, user_name, action, object, row_count, network
                from access_log where at >= ? order by at, id""";
        database.sql(entries).param(from.atOffset(ZoneOffset.UTC)).query((RowCallbackHandler) row -> {
            if (!readable.test(new LogEntry(row.getString("action"), row.getString("object")))) {
                return;
            }
            Map<String, @Nullable Object> entry = new LinkedHashMap<>();
            entry.put(
                    "at",
                    Objects.requireNonNull(row.getTimestamp("at")).toInstant().toString());
            entry.put("user", row.getString("user_name"));
            entry.put("action", row.getString("action"));
            entry.put("object", row.getString("object"));
            entry.put("rows", row.getObject("row_count"));
            entry.put("network", row.getString("network"));
            reader.accept(entry);
        });
    }

    /** Deletes entries that were kept long enough. */
    @Scheduled(initialDelayString = "PT1M", fixedDelayString = "PT1H")
    void deleteOld() {
        database.sql("delete from access_log where at < ?")
                .param(clock.instant().minus(keep).atOffset(ZoneOffset.UTC))
                .update();
    }
}
