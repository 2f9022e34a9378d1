package org.countersign.counter.live;

import java.util.concurrent.CompletableFuture;

/** Finds out whether a petition that the counter has not counted yet is published. */
@FunctionalInterface
public interface PetitionLookup {

    /** The result of a lookup. */
    enum Existence {
        /** The petition is published, and its counts can be read from the cache. */
        PUBLISHED,
        /** No petition has this slug. */
        UNKNOWN,
        /** The signature service or the database does not answer now. */
        UNREACHABLE
    }

    /**
     * Looks a petition up. The call never blocks.
     *
     * @param slug the slug as the client gave it
     * @return completes with the result, never exceptionally
     */
    CompletableFuture<Existence> find(String slug);
}
