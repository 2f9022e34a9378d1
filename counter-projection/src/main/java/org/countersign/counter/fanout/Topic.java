package org.countersign.counter.fanout;

/** A petition that is looked at, with its newest counts. */
final class Topic {

    private final String petition;
    private volatile Frame newest;

    Topic(String petition, Frame newest) {
        this.petition = petition;
        this.newest = newest;
    }

    String petition() {
        return petition;
    }

    Frame newest() {
        return newest;
    }

    /** For one thread: whoever posts counts. */
    void post(Frame frame) {
        newest = frame;
    }
}
