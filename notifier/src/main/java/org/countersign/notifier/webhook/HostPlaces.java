package org.countersign.notifier.webhook;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A number of places for each host. Thread-safe. */
final class HostPlaces {

    private final int perHost;
    private final Map<String, Integer> taken = new ConcurrentHashMap<>();

    /** @param perHost the maximum number of places of one host */
    HostPlaces(int perHost) {
        this.perHost = perHost;
    }

    /** Takes a place. Returns false if the host has no place left. */
    boolean take(String host) {
        boolean[] free = new boolean[1];
        taken.compute(key(host), (same, number) -> {
            int before = number == null ? 0 : number;
            free[0] = before < perHost;
            return free[0] ? Integer.valueOf(before + 1) : number;
        });
        return free[0];
    }

    /** Returns a place that was taken. */
    void release(String host) {
        taken.computeIfPresent(key(host), (same, number) -> number > 1 ? number - 1 : null);
    }

    private static String key(String host) {
        return host.toLowerCase(Locale.ROOT);
    }
}
