package org.countersign.loadtest;

/** When each sign call is due. */
final class ArrivalSchedule {

    /** How the rate goes over time. */
    enum Shape {
        /** The same all the time. */
        FLAT,
        /** A steep rise, a peak, and a long decline, as a petition in the news sees it. */
        RECORD;

        /** The rate at a part of the whole time, both from 0 to 1. */
        private double rate(double part) {
            if (this == FLAT) {
                return 1;
            }
            if (part < 0.05) {
                return 0.1 + 0.9 * part / 0.05;
            }
            return part < 0.15 ? 1 : Math.max(0.05, Math.exp(-3 * (part - 0.15)));
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
     * @param calls how many calls in all
     * @param perSecond the highest rate
     */
    static ArrivalSchedule of(Shape shape, int calls, double perSecond) {
        return new ArrivalSchedule(shape, calls, perSecond);
    }

    /** Every call is due when there is a connection free for it. */
    static ArrivalSchedule asFastAsPossible() {
        return new ArrivalSchedule();
    }

    boolean hasRate() {
        return stepNanos > 0;
    }

    /** When the call with this number, from 0, is due: nanoseconds after the start. */
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
