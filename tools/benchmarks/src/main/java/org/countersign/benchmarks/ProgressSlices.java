package org.countersign.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.countersign.localstack.client.UserException;

/** Watches a long run come along, and tells how fast each equal part of it went. */
final class ProgressSlices {

    private static final long PATIENCE_NANOS = 120_000_000_000L;
    /** Each look costs what is looked at some of its time. */
    private static final int LOOK_MILLIS = 250;

    private record Point(long nanos, double done) {}

    private ProgressSlices() {}

    /**
     * Watches until the end.
     *
     * @param total how much there is to do
     * @param parts into how many parts to cut it
     * @param done how much is done by now
     * @return how much of each part was done a second
     * @throws UserException if it stands still for minutes
     */
    static List<Double> watch(long total, int parts, DoubleSupplier done) throws InterruptedException {
        List<Point> points = new ArrayList<>(List.of(new Point(System.nanoTime(), 0)));
        while (last(points).done < total) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            Point now = new Point(System.nanoTime(), done.getAsDouble());
            if (now.done > last(points).done) {
                points.add(now);
            } else if (points.size() == 1) {
                // It begins when something is done: until then it starts up.
                points.set(0, new Point(now.nanos, 0));
            } else if (now.nanos - last(points).nanos > PATIENCE_NANOS) {
                throw new UserException(
                        "What was to come along stands still at %,.0f of %,d.".formatted(last(points).done, total));
            }
        }
        return rates(points, total, parts);
    }

    private static Point last(List<Point> points) {
        return points.get(points.size() - 1);
    }

    private static List<Double> rates(List<Point> points, long total, int parts) {
        List<Double> rates = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            double begin = (double) total * part / parts;
            double end = (double) total * (part + 1) / parts;
            rates.add((end - begin) * 1e9 / (when(points, end) - when(points, begin)));
        }
        return rates;
    }

    /** When so much was done: between two looks it is taken to have come along evenly. */
    private static double when(List<Point> points, double done) {
        int after = 1;
        while (points.get(after).done < done) {
            after++;
        }
        Point low = points.get(after - 1);
        Point high = points.get(after);
        return low.nanos + (high.nanos - low.nanos) * (done - low.done) / (high.done - low.done);
    }
}
