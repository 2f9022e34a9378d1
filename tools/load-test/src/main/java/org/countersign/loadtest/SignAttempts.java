package org.countersign.loadtest;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Counts the accepted sign requests of each second, and their attempts. Only the load thread writes. */
final class SignAttempts {

    private int[] acceptedInSecond = new int[64];
    private int seconds;
    private long accepted;
    private long attempts;
    private int mostAttempts;
    private long refused;
    private long lostConnections;

    /**
     * Records an accepted sign request.
     *
     * @param nanos nanoseconds since the start of the burst
     * @param attempt the number of the attempt, from 1
     */
    void accepted(long nanos, int attempt) {
        int second = (int) TimeUnit.NANOSECONDS.toSeconds(nanos);
        if (second >= acceptedInSecond.length) {
            acceptedInSecond = Arrays.copyOf(acceptedInSecond, Math.max(second + 1, 2 * acceptedInSecond.length));
        }
        acceptedInSecond[second]++;
        seconds = Math.max(seconds, second + 1);
        accepted++;
        attempts += attempt;
        mostAttempts = Math.max(mostAttempts, attempt);
    }

    /** Records a sign request that is repeated later. The status is 0 after a lost connection. */
    void refused(int status) {
        if (status == 0) {
            lostConnections++;
        } else {
            refused++;
        }
    }

    /**
     * Returns the accepted sign requests per second.
     *
     * @param from the first second
     * @param to the second after the last
     */
    double perSecond(int from, int to) {
        int end = Math.min(to, acceptedInSecond.length);
        long sum = 0;
        for (int second = from; second < end; second++) {
            sum += acceptedInSecond[second];
        }
        return to > from ? (double) sum / (to - from) : 0;
    }

    /** Returns the number of seconds until the last acceptance. */
    int seconds() {
        return seconds;
    }

    double meanAttempts() {
        return accepted == 0 ? 0 : (double) attempts / accepted;
    }

    int mostAttempts() {
        return mostAttempts;
    }

    long refused() {
        return refused;
    }

    long lostConnections() {
        return lostConnections;
    }
}
