package org.countersign.signature.publiclog;

import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.LeaderElectedTask;
import org.countersign.signature.eventlog.PrefetchingReader;
import org.countersign.signature.publiclog.TreeState.CandidateEvent;
import org.countersign.support.lock.AdvisoryLock;
import org.countersign.transparency.LogKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Follows the event log and appends its public events, with the milestones that they reach, to the tree. It signs a new
 * head at most once a second, and only for new entries: an event that is not public changes no byte of the log. Sign
 * calls do not wait for it. If two instances believe to be the leader, the database accepts the growth of one.
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
    private final boolean enabled;

    LogTree(
            DataSource dataSource,
            EventLog log,
            LeafSources sources,
            LeafEncoder leaves,
            TreeStore store,
            LogKey key,
            @Value("${countersign.transparency.enabled}") boolean enabled) {
        super("transparency log", dataSource, LOCK);
        this.log = log;
        this.sources = sources;
        this.leaves = leaves;
        this.store = store;
        this.key = key;
        this.enabled = enabled;
    }

    @Override
    public boolean isAutoStartup() {
        return enabled;
    }

    @Override
    protected void lead(AdvisoryLock lock) throws SQLException, InterruptedException {
        TreeState tree = new TreeState(store, sources, leaves);
        LOG.info("The public log continues from {} entries", tree.size());
        while (isRunning()) {
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
        PrefetchingReader<CandidateEvent> pages =
                new PrefetchingReader<>(before, PAGE_SIZE, log::follow, CandidateEvent::of);
        PrefetchingReader.EventPage<CandidateEvent> page;
        do {
            page = pages.next();
            tree.add(page.items(), page.last());
        } while (page.full() && tree.event() - before < MAX_BATCH_SIZE);
        tree.takeGrowth(key).ifPresent(growth -> {
            if (!store.store(growth)) {
                throw new IllegalStateException("Another instance has moved the public log");
            }
        });
        return page.full();
    }
}
