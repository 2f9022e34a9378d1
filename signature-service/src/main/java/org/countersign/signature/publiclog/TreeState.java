package org.countersign.signature.publiclog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.counting.CountedEvent;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.signature.publiclog.TreeStore.TreeGrowth;
import org.countersign.signature.publiclog.TreeStore.TreeProgress;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.Merkle;
import org.countersign.transparency.SignedNote;
import org.countersign.transparency.Tile;
import org.countersign.transparency.TreeBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The growing tree of the leader, and what the next entries depend on. */
final class TreeState {

    private static final Logger LOG = LoggerFactory.getLogger(TreeState.class);

    /**
     * An event of the event log.
     *
     * @param event the event
     * @param counted what counting needs, if the event is public
     */
    record CandidateEvent(StoredEvent event, Optional<CountedEvent> counted) {

        static CandidateEvent of(StoredEvent event) {
            return new CandidateEvent(event, EarlierEvents.counted(event).filter(CountedEvent::isPublic));
        }
    }

    private final LeafSources sources;
    private final LeafEncoder leaves;
    private final HeadGuard guard;
    private final TreeBuilder tree;
    private final BundleBuilder bundles;
    private final PublicFold fold;
    private TreeProgress stored;
    private long event;

    /** Continues the stored tree. The guard compares it with the newest head outside the database. */
    TreeState(TreeStore store, LeafSources sources, LeafEncoder leaves, HeadGuard guard) {
        this.sources = sources;
        this.leaves = leaves;
        this.guard = guard;
        stored = store.progress();
        event = stored.event();
        tree = new TreeBuilder(stored.size(), store::read);
        long last = stored.size() / Tile.FULL;
        bundles = new BundleBuilder(last, store.bundle(last));
        fold = new PublicFold(store.petitions());
    }

    /** Returns the number of entries. */
    long size() {
        return tree.size();
    }

    /** Returns the last event that was read. */
    long event() {
        return event;
    }

    /**
     * Adds the next page of the event log.
     *
     * @param last the index of its last event
     * @throws IllegalStateException if an event is missing
     */
    void add(List<CandidateEvent> page, long last) {
        if (event + page.size() != last) {
            throw new IllegalStateException("The event log lacks an event before index " + last);
        }
        event = last;
        long first = tree.size() + 1;
        List<EntryRef> entries = new ArrayList<>();
        Map<Long, StoredEvent> events = new HashMap<>();
        for (CandidateEvent candidate : page) {
            candidate.counted().filter(this::isOfPublishedPetition).ifPresent(counted -> {
                entries.addAll(fold.add(counted, first + entries.size()));
                events.put(counted.index(), candidate.event());
            });
        }
        entries.forEach(bundles::append);
        sources.of(first, entries, events, fold::text).stream()
                .map(leaves::encode)
                .map(Merkle::leafHash)
                .forEach(leaf -> {
                    tree.append(leaf);
                    guard.check(tree);
                });
    }

    private boolean isOfPublishedPetition(CountedEvent counted) {
        boolean takes = fold.takes(counted);
        if (!takes) {
            LOG.warn(
                    "Event {} is of a petition that was never published. The public log leaves it out",
                    counted.index());
        }
        return takes;
    }

    /**
     * Returns the growth since the last call, with a new head if there are new entries. Empty if no event was read, or
     * if a larger head was signed before.
     */
    Optional<TreeGrowth> takeGrowth(LogKey key) {
        TreeProgress now = new TreeProgress(tree.size(), event);
        if (now.equals(stored) || !guard.maySign(now.size())) {
            return Optional.empty();
        }
        boolean grown = now.size() > stored.size();
        TreeGrowth growth = new TreeGrowth(
                stored,
                now,
                grown ? tree.takeChanged() : Map.of(),
                grown ? bundles.takeChanged() : Map.of(),
                fold.takeChanged(),
                grown ? Optional.of(sign(key)) : Optional.empty());
        stored = now;
        return Optional.of(growth);
    }

    private SignedNote sign(LogKey key) {
        return SignedNote.sign(new Checkpoint(key.name(), tree.size(), tree.root()).text(), key);
    }
}
