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

    /** For one thread: whoever posts counts. */
    void post(SseEvent frame) {
        newest = frame;
    }
}
