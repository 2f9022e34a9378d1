package org.countersign.counter.fanout;

/** A petition that is looked at, with its newest counts. */
final class PetitionSubscription {

    private volatile SseEvent newest;

    PetitionSubscription(SseEvent newest) {
        this.newest = newest;
    }

    SseEvent newest() {
        return newest;
    }

    /** Replaces the newest counts, unless they are newer. Safe for use by several threads. */
    synchronized void post(SseEvent event) {
        if (event.isNewerThan(newest)) {
            newest = event;
        }
    }
}
