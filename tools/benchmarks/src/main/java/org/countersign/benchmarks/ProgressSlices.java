package org.countersign.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.countersign.localstack.client.UserException;

/** Polls the progress of a long run and computes the rate of each of its equal parts. */
final class ProgressSlices {

    private static final long TIMEOUT_NANOS = 120_000_000_000L;
    /** A shorter interval would slow down the observed service. */
    private static final int POLL_INTERVAL_MILLIS = 250;

    private record ProgressPoint(long nanos, double done) {}

    private ProgressSlices() {}

    /**
     * Polls until the run is complete.
     *
     * @param total the total amount of work
     * @param parts the number of equal parts
     * @param done returns the completed amount of work
     * @return the rate of each part, in units of work per second
     * @throws UserException if the run makes no progress within the timeout
     */
    static List<Double> watch(long total, int parts, DoubleSupplier done) throws InterruptedException {
        List<ProgressPoint> points = new ArrayList<>(List.of(new ProgressPoint(System.nanoTime(), 0)));
        while (last(points).done < total) {
            TimeUnit.MILLISECONDS.sleep(POLL_INTERVAL_MILLIS);
            ProgressPoint now = new ProgressPoint(System.nanoTime(), done.getAsDouble());
            if (now.done > last(points).done) {
                points.add(now);
            } else if (points.size() == 1) {
                // The run starts with the first progress. The service starts up before.
                points.set(0, new ProgressPoint(now.nanos, 0));
            } else if (now.nanos - last(points).nanos > TIMEOUT_NANOS) {
                throw new UserException("No progress after %,.0f of %,d.".formatted(last(points).done, total));
            }
        }
        return rates(points, total, parts);
    }

    private static ProgressPoint last(List<ProgressPoint> points) {
        return points.get(points.size() - 1);
    }

    private static List<Double> rates(List<ProgressPoint> points, long total, int parts) {
        List<Double> rates = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            double begin = (double) total * part / parts;
            double end = (double) total * (part + 1) / parts;
            rates.add((end - begin) * 1e9 / (timeOf(points, end) - timeOf(points, begin)));
        }
        return rates;
    }

    /** Returns the time of an amount of progress, interpolated between two polls. */
    private static double timeOf(List<ProgressPoint> points, double done) {
        int after = 1;
        while (points.get(after).done < done) {
            after++;
        }
        ProgressPoint low = points.get(after - 1);
        ProgressPoint high = points.get(after);
        return low.nanos + (high.nanos - low.nanos) * (done - low.done) / (high.done - low.done);
    }
}
