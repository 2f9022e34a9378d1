package org.countersign.counter.fanout;

/** A petition with its newest counts, to which viewers subscribe. */
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
