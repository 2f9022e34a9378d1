package org.countersign.localstack.client;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/** The metrics of a service at one time, from its Prometheus endpoint. */
public final class MetricsSnapshot {

    private final List<String> lines;

    MetricsSnapshot(String text) {
        lines = text.lines().filter(line -> !line.startsWith("#")).toList();
    }

    /** Returns the highest value of a metric over all its labels, if there is one. */
    public OptionalDouble highest(String name) {
        return values(name, "").max();
    }

    /**
     * Returns the sum of a metric's values.
     *
     * @param label includes only values with this label, written as {@code name="value"}
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
