package org.countersign.counter.live;

import jakarta.annotation.PostConstruct;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.countersign.counting.Milestones;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The newest counts of all petitions in memory, as JSON that is built once for all clients. An instance that does not
 * count polls the database every 200 ms. While the database is unreachable, the last counts can still be read.
 */
@Component
public class CountsCache {

    /**
     * The counts of a petition.
     *
     * @param petition the petition's slug
     * @param generation increases with each rebuild
     * @param json the counts as the API shows them, in UTF-8
     * @param counts the counts as numbers
     */
    public record CountsVersion(String petition, long generation, byte[] json, Counts counts) {

        /** Returns the public position, 0 for a petition that was not counted yet. */
        public long position() {
            return counts.position();
        }

        /** Returns what distinguishes these counts from all others of the petition. */
        public String tag() {
            return generation + "-" + position();
        }

        /** Tells whether these counts are newer than others of the same petition. */
        public boolean isNewerThan(CountsVersion other) {
            return generation > other.generation || generation == other.generation && position() > other.position();
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(CountsCache.class);

    private final JdbcClient database;
    private final JsonMapper mapper;
    private final Map<String, CountsVersion> versions = new ConcurrentHashMap<>();
    private final List<Consumer<CountsVersion>> listeners = new CopyOnWriteArrayList<>();
    private volatile long generation;
    private long newest = -1;
    private volatile CompletePosition complete = new CompletePosition(0, -1);
    private volatile boolean loaded;

    CountsCache(JdbcClient database, JsonMapper mapper) {
        this.database = database;
        this.mapper = mapper;
    }

    /** Returns an empty cache without listeners over another database, for the warm-up. */
    public CountsCache over(DataSource other) {
        return new CountsCache(JdbcClient.create(other), mapper);
    }

    /** Returns the newest counts of a petition, or empty if it is not known. */
    public Optional<CountsVersion> of(String petition) {
        return Optional.ofNullable(versions.get(petition));
    }

    /** Adds a listener that receives the counts of a petition when they change. */
    public void onChange(Consumer<CountsVersion> listener) {
        listeners.add(listener);
    }

    /** Reads the counts that have changed. */
    public synchronized void refresh() {
        long stored = database.sql("select generation from position")
                .query(Long.class)
                .single();
        if (stored != generation) {
            generation = stored;
            newest = -1;
        }
        boolean all = newest < 0;
        List<Counts> changed = changedSince(newest);
        if (all) {
            Set<String> counted = changed.stream().map(Counts::petition).collect(Collectors.toSet());
            versions.values().removeIf(entry -> entry.position() > 0 && !counted.contains(entry.petition()));
        }
        changed.forEach(this::post);
        complete = new CompletePosition(generation, newest);
        loaded = true;
    }

    /**
     * How far the counts in memory are complete.
     *
     * @param generation the generation of the counts
     * @param position every count up to this public position is in memory
     */
    record CompletePosition(long generation, long position) {}

    /** Returns how far the counts in memory are complete. Counts of a later position may be there as well. */
    CompletePosition complete() {
        return complete;
    }

    /** Returns the counts that changed after a public position, the oldest change first. */
    List<CountsVersion> changedAfter(long position) {
        return versions.values().stream()
                .filter(version -> version.position() > Math.max(0, position))
                .sorted(Comparator.comparingLong(CountsVersion::position))
                .toList();
    }

    /** Tells whether the counts were read from the database at least once. */
    boolean isLoaded() {
        return loaded;
    }

    /**
     * Shows the counts of a petition that the counter has not counted yet, until it has. Takes no lock, since a thread
     * that reads the database may hold it for as long as the database does not answer.
     */
    void announce(Counts counts) {
        CountsVersion uncounted =
                new CountsVersion(counts.petition(), generation, mapper.writeValueAsBytes(counts), counts);
        if (versions.putIfAbsent(counts.petition(), uncounted) == null) {
            listeners.forEach(listener -> listener.accept(uncounted));
        }
    }

    private void post(Counts counts) {
        CountsVersion post = new CountsVersion(counts.petition(), generation, mapper.writeValueAsBytes(counts), counts);
        newest = Math.max(newest, counts.position());
        CountsVersion before = versions.put(counts.petition(), post);
        if (before == null || !Arrays.equals(before.json(), post.json())) {
            listeners.forEach(listener -> listener.accept(post));
        }
    }

    private List<Counts> changedSince(long position) {
        return database.sql("""
                        select petition, verified, goal, own_milestones, last_milestone, as_of, public_position
                        from petition_count where public_position > ? order by public_position""")
                .param(position)
                .query((row, number) -> {
                    long goal = row.getLong("goal");
                    long last = row.getLong("last_milestone");
                    Milestones milestones = new Milestones(
                            Arrays.asList(
                                    (Long[]) row.getArray("own_milestones").getArray()),
                            goal);
                    OptionalLong next = milestones.after(Math.max(last, row.getLong("verified")));
                    return new Counts(
                            row.getString("petition"),
                            row.getLong("verified"),
                            goal,
                            next.isPresent() ? next.getAsLong() : null,
                            last == 0 ? null : last,
                            row.getTimestamp("as_of").toInstant(),
                            row.getLong("public_position"));
                })
                .list();
    }

    /** Loads the counts before the first request arrives, and then every 200 ms. */
    @PostConstruct
    @Scheduled(fixedDelay = 200, timeUnit = TimeUnit.MILLISECONDS)
    void follow() {
        try {
            refresh();
        } catch (DataAccessException e) {
            LOG.debug("Cannot read the counts; retrying on schedule: {}", e.getMessage());
        }
    }
}
