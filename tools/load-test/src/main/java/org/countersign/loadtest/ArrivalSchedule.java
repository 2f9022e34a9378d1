package org.countersign.loadtest;

/** Computes when each sign request is due. */
final class ArrivalSchedule {

    /** The course of the rate over time. */
    enum Shape {
        /** A constant rate. */
        FLAT,
        /** A steep rise, a peak and a long decline, as for a petition in the news. */
        RECORD;

        /** Returns the relative rate at a fraction of the total time, both from 0 to 1. */
        private double rate(double fraction) {
            if (this == FLAT) {
                return 1;
            }
            if (fraction < 0.05) {
                return 0.1 + 0.9 * fraction / 0.05;
            }
            return fraction < 0.15 ? 1 : Math.max(0.05, Math.exp(-3 * (fraction - 0.15)));
        }
    }

    private static final int STEPS = 1000;

    private final double[] callsUntil = new double[STEPS + 1];
    private final double stepNanos;

    private ArrivalSchedule(Shape shape, int calls, double perSecond) {
        for (int step = 0; step < STEPS; step++) {
            callsUntil[step + 1] = callsUntil[step] + shape.rate((step + 0.5) / STEPS);
        }
        double mean = callsUntil[STEPS] / STEPS;
        stepNanos = 1e9 * calls / (perSecond * mean) / STEPS;
        double scale = calls / callsUntil[STEPS];
        for (int step = 0; step <= STEPS; step++) {
            callsUntil[step] *= scale;
        }
    }

    private ArrivalSchedule() {
        stepNanos = 0;
    }

    /**
     * Creates a schedule with a rate.
     *
     * @param calls the number of requests
     * @param perSecond the maximum rate, in requests per second
     */
    static ArrivalSchedule of(Shape shape, int calls, double perSecond) {
        return new ArrivalSchedule(shape, calls, perSecond);
    }

    /** Creates a schedule whose requests are due as soon as a connection is free. */
    static ArrivalSchedule asFastAsPossible() {
        return new ArrivalSchedule();
    }

    boolean hasRate() {
        return stepNanos > 0;
    }

    /** Returns when the request with this number, from 0, is due, in nanoseconds after the start. */
    long due(int call) {
        int low = 0;
        int high = STEPS;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (callsUntil[middle] <= call) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (long) (stepNanos * (low + (call - callsUntil[low]) / (callsUntil[high] - callsUntil[low])));
    }
}
