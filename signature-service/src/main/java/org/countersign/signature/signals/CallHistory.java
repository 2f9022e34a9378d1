package org.countersign.signature.signals;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import org.countersign.signature.signals.CallCounts.Matching;

/**
 * The sign calls of a petition in the last hour, minute by minute, and a summary of the hours before. Not safe for
 * concurrent use.
 */
final class CallHistory {

    /** The windows in which anomalies are looked for. */
    static final Duration SHORT_WINDOW = Duration.ofMinutes(10);

    static final Duration LONG_WINDOW = Duration.ofHours(1);

    /** A minute that left the short window needs its largest counts only. */
    private static final int LARGEST_COUNTS = 100;

    private static final int CALLS_TO_COMPARE = 300;

    private final TreeMap<Minute, CallCounts> minutes = new TreeMap<>();
    /** The minutes that left the last hour since the past was computed. Few calls have no typical shares. */
    private CallCounts leaving = new CallCounts();

    private Past past = Past.NONE;

    /** A minute; the hashes of its calls are those of one day. */
    private record Minute(Instant begin) implements Comparable<Minute> {

        static Minute of(Instant at) {
            return new Minute(at.truncatedTo(ChronoUnit.MINUTES));
        }

        LocalDate day() {
            return LocalDate.ofInstant(begin, ZoneOffset.UTC);
        }

        @Override
        public int compareTo(Minute other) {
            return begin.compareTo(other.begin);
        }
    }

    /**
     * What the petition's earlier hours were like. It has shares and no hashes, which another day would not know.
     *
     * @param calls the number of calls
     * @param domain the largest share of one domain
     * @param generated the share of addresses that look generated
     * @param shortForms the share of short form times among the known ones
     * @param countries the shares of countries
     * @param languages the shares of languages
     */
    record Past(
            int calls,
            double domain,
            double generated,
            double shortForms,
            Map<String, Double> countries,
            Map<String, Double> languages) {

        static final Past NONE = new Past(0, 0, 0, 0, Map.of(), Map.of());
        private static final int MIN_CALLS = 500;
        /** Later hours weigh more than earlier ones. */
        private static final int MAX_WEIGHT = 20_000;

        /** Whether there were enough calls to compare with. */
        boolean isKnown() {
            return calls >= MIN_CALLS;
        }

        /** Returns the past with further minutes. */
        Past with(CallCounts minutes) {
            int weight = Math.min(calls, MAX_WEIGHT);
            double part = CallCounts.share(minutes.calls(), weight + minutes.calls());
            return new Past(
                    weight + minutes.calls(),
                    mix(domain, minutes.largestShare(minutes.domains()), part),
                    mix(generated, CallCounts.share(minutes.generated(), minutes.calls()), part),
                    minutes.knownForms() == 0
                            ? shortForms
                            : mix(shortForms, CallCounts.share(minutes.shortForms(), minutes.knownForms()), part),
                    mix(countries, minutes.countries(), minutes.calls(), part),
                    mix(languages, minutes.languages(), minutes.calls(), part));
        }

        private static Map<String, Double> mix(
                Map<String, Double> before, Map<String, Matching> now, int calls, double part) {
            Map<String, Double> mixed = new TreeMap<>();
            before.forEach((code, share) -> mixed.put(code, share * (1 - part)));
            now.forEach((code, matching) ->
                    mixed.merge(code, part * CallCounts.share(matching.calls(), calls), Double::sum));
            return Map.copyOf(mixed);
        }

        private static double mix(double before, double now, double part) {
            return before * (1 - part) + now * part;
        }
    }

    void add(SeenCall call) {
        counts(call.at()).add(call);
    }

    /** Adds confirmations of this time. */
    void addConfirmations(Instant at, int all, int fast) {
        counts(at).addConfirmations(all, fast);
    }

    private CallCounts counts(Instant at) {
        return minutes.computeIfAbsent(Minute.of(at), unknown -> new CallCounts());
    }

    /**
     * Moves what is older than an hour to the past.
     *
     * @param attacked whether the petition is under attack; an attack is no past to compare with
     */
    void age(Instant now, boolean attacked) {
        Minute oldest = Minute.of(now.minus(LONG_WINDOW));
        for (CallCounts old : minutes.headMap(oldest).values()) {
            if (!attacked) {
                leaving.add(old);
            }
            if (leaving.calls() >= CALLS_TO_COMPARE) {
                past = past.with(leaving);
                leaving = new CallCounts();
            }
        }
        minutes.headMap(oldest).clear();
        minutes.headMap(Minute.of(now.minus(SHORT_WINDOW))).values().forEach(counts -> counts.compress(LARGEST_COUNTS));
    }

    /** Returns whether there was no call in the last hour. */
    boolean isIdle() {
        return minutes.isEmpty();
    }

    Past past() {
        return past;
    }

    /**
     * Returns the counts of a window up to now.
     *
     * @param day only calls of this day in UTC, because the hashes of two days cannot be compared
     */
    CallCounts window(Instant now, Duration length, LocalDate day) {
        CallCounts sum = new CallCounts();
        minutes.tailMap(Minute.of(now.minus(length))).forEach((minute, counts) -> {
            if (minute.day().equals(day)) {
                sum.add(counts);
            }
        });
        return sum;
    }
}
