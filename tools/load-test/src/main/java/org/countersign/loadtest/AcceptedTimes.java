package org.countersign.loadtest;

/** The acceptance times of the signatures in order, from which the delay of a count follows. */
final class AcceptedTimes {

    private final long[] times;
    private volatile int count;

    AcceptedTimes(int capacity) {
        times = new long[capacity];
    }

    void add(long nanos) {
        times[count] = nanos;
        count++;
    }

    int count() {
        return count;
    }

    /**
     * Returns the age of the oldest accepted signature that a counter lacks, in nanoseconds.
     *
     * @param counted the number of signatures that the counter has counted
     * @return 0 if the counter has counted all
     */
    long nanosBehind(long counted, long now) {
        return counted >= count || counted < 0 ? 0 : Math.max(0, now - times[(int) counted]);
    }
}
