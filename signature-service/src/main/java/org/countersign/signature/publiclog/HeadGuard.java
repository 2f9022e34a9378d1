package org.countersign.signature.publiclog;

import java.util.Arrays;
import java.util.Optional;
import org.countersign.signature.eventlog.LogGate;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.SignedNote;
import org.countersign.transparency.TreeBuilder;
import org.countersign.transparency.TreeReader;

/** Keeps a growing tree on the way to the newest head outside the database. */
final class HeadGuard {

    private final Optional<Checkpoint> outside;
    private final LogGate gate;

    /** @param outside the newest head outside the database */
    HeadGuard(Optional<SignedNote> outside, LogGate gate) {
        this.outside = outside.map(note -> Checkpoint.parse(note.text()));
        this.gate = gate;
    }

    /**
     * Checks the stored tree.
     *
     * @param size its size
     * @throws IllegalStateException if the head outside has another root
     */
    void check(long size, TreeReader.Tiles tiles) {
        outside.filter(head -> head.size() > 0 && head.size() <= size)
                .ifPresent(head -> require(head, new TreeReader(head.size(), tiles).root()));
    }

    /**
     * Checks a tree that has just grown by one entry.
     *
     * @throws IllegalStateException if the head outside has this size and another root
     */
    void check(TreeBuilder tree) {
        outside.filter(head -> head.size() == tree.size()).ifPresent(head -> require(head, tree.root()));
    }

    private void require(Checkpoint head, byte[] root) {
        if (!Arrays.equals(head.root(), root)) {
            gate.close(new LogGate.Closure(
                    "The public log has another root at size %d than the head that was signed before."
                            .formatted(head.size()),
                    "See docs/operations.md, section The histories differ."));
            throw new IllegalStateException("The public log contradicts a signed head of size " + head.size());
        }
    }

    /** Tells whether a head of this size may be signed. Smaller ones exist already. */
    boolean maySign(long size) {
        return outside.map(head -> size >= head.size()).orElse(true);
    }

    /** Tells whether the head outside is smaller than the stored one. */
    boolean isBehind(long size) {
        return outside.map(Checkpoint::size).orElse(0L) < size;
    }
}
