package org.countersign.signature.publiclog;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.LeaderElectedTask;
import org.countersign.signature.eventlog.LogGate;
import org.countersign.signature.eventlog.PrefetchingReader;
import org.countersign.signature.eventlog.PublishedPosition;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.signature.publiclog.TreeState.CandidateEvent;
import org.countersign.support.lock.AdvisoryLock;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.SignedNote;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Follows the event log and appends its public events, with the milestones that they reach, to the tree. It signs a new
 * head at most once a second, and only for new entries: an event that is not public changes no byte of the log. Sign
 * calls do not wait for it. A head covers only events that Kafka has, and is in {@link SignedHeads} before it is
 * stored, so that a restored database can be brought forward to every head that anyone has seen. If two instances
 * believe to be the leader, the database accepts the growth of one.
 */
@Component
class LogTree extends LeaderElectedTask {

    private static final Logger LOG = LoggerFactory.getLogger(LogTree.class);
    private static final long LOCK = 0x636f_756e_7465_7202L;
    private static final int PAGE_SIZE = 2_000;
    private static final int MAX_BATCH_SIZE = 100_000;
    private static final Duration HEAD_INTERVAL = Duration.ofSeconds(1);

    private final EventLog log;
    private final LeafSources sources;
    private final LeafEncoder leaves;
    private final TreeStore store;
    private final LogKey key;
    private final SignedHeads heads;
    private final PublishedPosition published;
    private final LogGate gate;
    private final boolean enabled;

    LogTree(
            DataSource dataSource,
            EventLog log,
            LeafSources sources,
            LeafEncoder leaves,
            TreeStore store,
            LogKey key,
            SignedHeads heads,
            PublishedPosition published,
            LogGate gate,
            @Value("${countersign.transparency.enabled}") boolean enabled) {
        super("transparency log", dataSource, LOCK);
        this.log = log;
        this.sources = sources;
        this.leaves = leaves;
        this.store = store;
        this.key = key;
        this.heads = heads;
        this.published = published;
        this.gate = gate;
        this.enabled = enabled;
    }

    @Override
    public boolean isAutoStartup() {
        return enabled;
    }

    @Override
    protected void lead(AdvisoryLock lock) throws SQLException, InterruptedException {
        if (!gate.compare()) {
            return;
        }
        Optional<SignedNote> newest = store.newest();
        long size = newest.map(note -> Checkpoint.parse(note.text()).size()).orElse(0L);
        HeadGuard guard = new HeadGuard(heads.newest(), gate);
        guard.check(size, store::read);
        if (guard.isBehind(size)) {
            newest.ifPresent(heads::store);
        }
        TreeState tree = new TreeState(store, sources, leaves, guard);
        LOG.info("The public log continues from {} entries", tree.size());
        while (isRunning() && gate.isOpen()) {
            boolean more = grow(tree);
            lock.check();
            if (!more) {
                pause(HEAD_INTERVAL);
            }
        }
    }

    /** Reads the new events. Returns whether more are available. */
    private boolean grow(TreeState tree) {
        long before = tree.event();
        long inKafka = published.get();
        PrefetchingReader<CandidateEvent> pages = new PrefetchingReader<>(
                before, PAGE_SIZE, (index, limit) -> followUpTo(inKafka, index, limit), CandidateEvent::of);
        PrefetchingReader.EventPage<CandidateEvent> page;
        do {
            page = pages.next();
            tree.add(page.items(), page.last());
        } while (page.full() && tree.event() - before < MAX_BATCH_SIZE);
        tree.takeGrowth(key).ifPresent(growth -> {
            growth.head().ifPresent(heads::store);
            if (!store.store(growth)) {
                throw new IllegalStateException("Another instance has moved the public log");
            }
        });
        return page.full();
    }

    private List<StoredEvent> followUpTo(long last, long index, int limit) {
        return index >= last ? List.of() : log.follow(index, (int) Math.min(limit, last - index));
    }
}
