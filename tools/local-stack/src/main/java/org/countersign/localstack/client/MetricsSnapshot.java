package org.countersign.localstack.client;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/** A service's metrics at a moment, as Prometheus reads them. */
public final class MetricsSnapshot {

    private final List<String> lines;

    MetricsSnapshot(String text) {
        lines = text.lines().filter(line -> !line.startsWith("#")).toList();
    }

    /** The highest value of a metric over all its labels, if it has any value now. */
    public OptionalDouble highest(String name) {
        return values(name, "").max();
    }

    /**
     * The sum of a metric's values.
     *
     * @param label only those with this label, written as {@code name="value"}
     */
    public double sum(String name, String label) {
        return values(name, label).sum();
    }

    private DoubleStream values(String name, String label) {
        return lines.stream()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .filter(line -> line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .filter(value -> !Double.isNaN(value));
    }
}
