package org.countersign.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.countersign.events.EventJson;
import org.countersign.events.EventType;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionSlug;
import org.countersign.events.Sealed;
import org.countersign.signature.eventlog.EventMac;
import org.countersign.signature.eventlog.StreamIds;
import org.countersign.support.keys.KeyRing;

/** Fills the event log of a stopped signature service with petitions. Their organisers are erased. */
final class PetitionFiller {

    /** Each petition has some of these words. */
    static final List<String> WORDS = List.of(
            "bench",
            "bridge",
            "school",
            "river",
            "library",
            "garden",
            "station",
            "forest",
            "harbour",
            "theatre",
            "market",
            "museum",
            "playground",
            "hospital",
            "footpath",
            "orchard",
            "meadow",
            "tram",
            "ferry",
            "fountain");

    private static final int WORDS_IN_STATEMENT = 60;
    private static final String[] LANGUAGES = {"en", "de", "fr", "hy", "ar"};
    private static final String[] TOPICS = {"environment", "health", "transport", "education", "culture"};

    private final BenchmarkStack stack;
    private final EventMac macs;
    private final Random random = new Random(1);
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    PetitionFiller(BenchmarkStack stack) {
        this.stack = stack;
        this.macs = new EventMac(KeyRing.parse("event keys", stack.localStack().eventKeys()));
    }

    /** Appends the publications of that many petitions. */
    void append(int petitions) throws SQLException {
        try (Connection connection = stack.connect("signature_service")) {
            connection.setAutoCommit(false);
            Map<String, Integer> numbers = number(connection, petitions);
            long head = stack.number("signature_service", "select last_index from log_head");
            try (PreparedStatement events = connection.prepareStatement("""
                            insert into event (global_index, stream, time, petition, sequence, type, data, mac)
                            values (?, ?, ?, ?, 0, ?, ?, ?)""");
                    PreparedStatement places = connection.prepareStatement(
                            "insert into stream_event (stream, sequence, global_index) values (?, 0, ?)")) {
                for (int i = 1; i <= petitions; i++) {
                    add(petition(i), head + i, numbers, events, places);
                }
                events.executeBatch();
                places.executeBatch();
            }
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("update log_head set last_index = " + (head + petitions));
            }
            connection.commit();
        }
    }

    private static Map<String, Integer> number(Connection connection, int petitions) throws SQLException {
        Map<String, Integer> numbers = new HashMap<>();
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("insert into petition_name (slug) select 'petition-' || i from generate_series(1, "
                    + petitions + ") i");
            try (ResultSet rows = statement.executeQuery("select slug, id from petition_name")) {
                while (rows.next()) {
                    numbers.put(rows.getString(1), rows.getInt(2));
                }
            }
        }
        return numbers;
    }

    private void add(
            PetitionPublished published,
            long index,
            Map<String, Integer> numbers,
            PreparedStatement events,
            PreparedStatement places)
            throws SQLException {
        String slug = published.petition().value();
        UUID stream = StreamIds.stream(published.petition());
        int type = EventType.PETITION_PUBLISHED.code();
        byte[] data = EventJson.data(published);
        events.setLong(1, index);
        events.setObject(2, stream);
        events.setTimestamp(3, Timestamp.from(published.at()));
        events.setInt(4, Objects.requireNonNull(numbers.get(slug)));
        events.setInt(5, type);
        events.setBytes(6, data);
        events.setBytes(7, macs.of(stream, 0, slug, type, published.at(), data));
        events.addBatch();
        places.setObject(1, stream);
        places.setLong(2, index);
        places.addBatch();
    }

    private PetitionPublished petition(int number) {
        return new PetitionPublished(
                new PetitionSlug("petition-" + number),
                start.plusMillis(number),
                "A " + words(2) + " for village " + number,
                "We ask for a " + words(WORDS_IN_STATEMENT) + ", so that everybody can use it.",
                List.of("The council of village " + number),
                1000,
                List.of(),
                LANGUAGES[number % LANGUAGES.length],
                number % 3 == 0 ? Optional.of(start.plus(number, ChronoUnit.DAYS)) : Optional.empty(),
                new Sealed(new byte[1]),
                List.of(TOPICS[number % TOPICS.length]),
                Optional.empty());
    }

    private String words(int count) {
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // Half of the words are in one petition only, as names are.
            chosen.add(
                    random.nextBoolean()
                            ? WORDS.get(random.nextInt(WORDS.size()))
                            : Integer.toString(random.nextInt(1 << 30), Character.MAX_RADIX));
        }
        return String.join(" ", chosen);
    }
}
