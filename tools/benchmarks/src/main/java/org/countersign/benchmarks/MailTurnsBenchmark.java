package org.countersign.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Measures in the database what the limits per recipient cost a mail: the statement that takes the turns of a batch,
 * beside the statements that plan, lease and complete it. Then it measures the search for due mails while others wait.
 * The notifier is stopped meanwhile.
 */
final class MailTurnsBenchmark {

    private static final int BATCH_SIZE = 100;
    private static final int MAILS_PER_HOUR = 5;
    private static final int WAITING = 1_000;
    private static final String TURNS = "turns of mails, in batches of " + BATCH_SIZE;
    private static final String OTHERS = "planned, leased and completed mails";
    private static final String SEARCHES = "searches for due mails";
    private static final String SEARCHES_PAST = "the same past 1,000 mails that wait";
    private static final String PLAN = "insert into delivery (id, medium, kind, petition, round) "
            + "select id, 'mail', 'benchmark', 'bench', 1 from unnest(?) as new (id)";
    /** The search of the notifier's statement that leases mails. */
    private static final String DUE = """
            select id from delivery d
            where state = 'planned' and medium = 'mail' and number > 0 and next_attempt <= now()
                and (lane is null or not exists (
                    select from delivery earlier
                    where earlier.lane = d.lane and earlier.number < d.number and earlier.state = 'planned'))
            order by number limit 100 for update skip locked""";

    private static final String LEASE = "update delivery set attempts = attempts + 1, "
            + "next_attempt = now() + interval '1 minute' where id in (" + DUE + ") returning *";
    private static final String COMPLETE = "update delivery set state = 'sent', sent_at = now() where id = any (?)";
    private static final String TAKE = "select * from take_mail_turns(?, ?, ?, ?, ?)";

    private final Bench.BenchmarkSize size;
    private final BenchmarkStack stack;
    private final BenchmarkReport report;

    MailTurnsBenchmark(Bench.BenchmarkSize size, BenchmarkStack stack, BenchmarkReport report) {
        this.size = size;
        this.stack = stack;
        this.report = report;
    }

    void run() throws Exception {
        report.progress("mails: starting the notifier, which makes its tables");
        try (stack) {
            stack.localStack().startServers();
            stack.start("signature-service");
            stack.start("notifier");
            stack.localStack().stopService("notifier");
            stack.localStack().stopService("signature-service");
            report.settings(stack.durableSettings());
            try (Connection connection = stack.connect("notifier")) {
                turns(connection);
                searches(connection);
            }
        }
    }

    private void turns(Connection connection) throws SQLException {
        report.progress("mails: %d rounds of new recipients".formatted(size.rounds()));
        perSecond(BATCH_SIZE, 1, () -> take(connection));
        perSecond(BATCH_SIZE, 1, () -> others(connection));
        for (int round = 0; round < size.rounds(); round++) {
            report.round(TURNS, perSecond(BATCH_SIZE, size.seconds(), () -> take(connection)));
            report.round(OTHERS, perSecond(BATCH_SIZE, size.seconds(), () -> others(connection)));
        }
        double turns = 1e6 / report.median(TURNS);
        double others = 1e6 / report.median(OTHERS);
        report.add(
                "time for the turn of a mail ÷ for its other statements",
                "%.2f   (%.0f µs ÷ %.0f µs)".formatted(turns / others, turns, others));
    }

    private void searches(Connection connection) throws SQLException {
        report.progress("mails: searches for due mails, at first with none that waits");
        stack.execute("notifier", "delete from delivery");
        for (int round = 0; round < size.rounds(); round++) {
            report.round(SEARCHES, perSecond(1, size.seconds(), () -> search(connection)));
        }
        for (int i = 0; i < WAITING / BATCH_SIZE; i++) {
            plan(connection, newIds());
        }
        stack.execute("notifier", "update delivery set postponed = 1, next_attempt = now() + interval '1 hour'");
        for (int round = 0; round < size.rounds(); round++) {
            report.round(SEARCHES_PAST, perSecond(1, size.seconds(), () -> search(connection)));
        }
        report.add(
                "time of a search for due mails past %,d that wait, and past none".formatted(WAITING),
                "%.2f ms and %.2f ms".formatted(1e3 / report.median(SEARCHES_PAST), 1e3 / report.median(SEARCHES)));
    }

    /** Work in the database. */
    @FunctionalInterface
    private interface DatabaseWork {

        void run() throws SQLException;
    }

    private static double perSecond(int units, int seconds, DatabaseWork work) throws SQLException {
        long begin = System.nanoTime();
        long done = 0;
        do {
            work.run();
            done += units;
        } while (System.nanoTime() - begin < seconds * 1_000_000_000L);
        return done * 1e9 / (System.nanoTime() - begin);
    }

    private static UUID[] newIds() {
        return IntStream.range(0, BATCH_SIZE).mapToObj(i -> UUID.randomUUID()).toArray(UUID[]::new);
    }

    private static void take(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
            statement.setArray(1, connection.createArrayOf("uuid", newIds()));
            statement.setArray(2, connection.createArrayOf("uuid", newIds()));
            statement.setInt(3, MAILS_PER_HOUR);
            statement.setArray(4, connection.createArrayOf("uuid", newIds()));
            statement.setArray(5, connection.createArrayOf("int4", new Integer[BATCH_SIZE]));
            statement.executeQuery().close();
        }
    }

    private static void plan(Connection connection, UUID[] ids) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PLAN)) {
            statement.setArray(1, connection.createArrayOf("uuid", ids));
            statement.executeUpdate();
        }
    }

    private static void others(Connection connection) throws SQLException {
        UUID[] ids = newIds();
        plan(connection, ids);
        try (PreparedStatement statement = connection.prepareStatement(LEASE)) {
            statement.executeQuery().close();
        }
        try (PreparedStatement statement = connection.prepareStatement(COMPLETE)) {
            statement.setArray(1, connection.createArrayOf("uuid", ids));
            statement.executeUpdate();
        }
    }

    private static void search(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DUE)) {
            statement.executeQuery().close();
        }
    }
}
