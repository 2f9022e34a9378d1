package org.countersign.signature.web.counts;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The count of a petition over time, as coordinates for an SVG chart.
 *
 * @param from the time at the left edge
 * @param to the time at the right edge
 * @param highest the count at the upper edge
 * @param line the curve, as the data of an SVG path
 * @param area the area below the curve, as the data of an SVG path
 * @param marks the milestones on the curve
 */
record Chart(Instant from, Instant to, long highest, String line, String area, List<Mark> marks) {

    static final int WIDTH = 600;
    static final int HEIGHT = 180;
    private static final int MAX_POINTS = 300;

    /** A count at a time. */
    record ChartPoint(Instant at, long count) {}

    /** A milestone with its coordinates. A mark in the right half has its label on the left. */
    record Mark(long threshold, String x, String y, boolean right) {}

    /**
     * Computes a chart.
     *
     * @param from the time at the left edge
     * @param to the time at the right edge
     * @param points at least one point, in the order of their times
     * @param milestones the milestones with the times at which they were reached
     */
    static Chart of(Instant from, Instant to, List<ChartPoint> points, List<ChartPoint> milestones) {
        long highest =
                Math.max(1, points.stream().mapToLong(ChartPoint::count).max().orElse(1));
        Scale scale = new Scale(from, Math.max(1, Duration.between(from, to).toMillis()), highest);
        StringBuilder line = new StringBuilder("M0 " + HEIGHT);
        int step = (points.size() + MAX_POINTS - 1) / MAX_POINTS;
        for (int i = 0; i < points.size(); i++) {
            if (i % step == 0 || i == points.size() - 1) {
                ChartPoint point = points.get(i);
                line.append('L').append(scale.x(point.at())).append(' ').append(scale.y(point.count()));
            }
        }
        line.append('L')
                .append(WIDTH)
                .append(' ')
                .append(scale.y(points.get(points.size() - 1).count()));
        List<Mark> marks = new ArrayList<>();
        milestones.forEach(milestone -> marks.add(new Mark(
                milestone.count(),
                scale.x(milestone.at()),
                scale.y(milestone.count()),
                Double.parseDouble(scale.x(milestone.at())) > WIDTH / 2.0)));
        return new Chart(from, to, highest, line.toString(), line + "L" + WIDTH + " " + HEIGHT + "Z", marks);
    }

    private record Scale(Instant from, long millis, long highest) {

        String x(Instant at) {
            return number(Math.min(
                    WIDTH,
                    Math.max(0, (double) WIDTH * Duration.between(from, at).toMillis() / millis)));
        }

        String y(long count) {
            return number(HEIGHT - (double) HEIGHT * Math.max(0, Math.min(count, highest)) / highest);
        }

        private static String number(double number) {
            return Double.toString(Math.round(number * 10) / 10.0);
        }
    }
}
