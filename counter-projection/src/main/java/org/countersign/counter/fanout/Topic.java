package org.countersign.counter.fanout;

/** A petition that is looked at, with its newest counts. */
final class Topic {

    private volatile Frame newest;

    Topic(Frame newest) {
        this.newest = newest;
    }

    Frame newest() {
        return newest;
    }

    /** For one thread: whoever posts counts. */
    void post(Frame frame) {
        newest = frame;
    }
}
