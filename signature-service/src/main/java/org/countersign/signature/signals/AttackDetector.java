package org.countersign.signature.signals;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.countersign.signature.signals.Anomaly.Kind;
import org.countersign.signature.signals.CallCounts.Matching;
import org.countersign.signature.signals.CallHistory.Past;

/**
 * Looks for anomalies in the sign calls of a petition. It is a pure function of the history. The thresholds and their
 * reasons are in decision 98.
 */
final class AttackDetector {

    /** A smaller window tells nothing. */
    static final int MIN_CALLS = 100;

    /** A share that is usual for the petition has to double. */
    private static final double TIMES_PAST = 2;

    private static final List<Floor> DOMAIN_FLOORS =
            List.of(new Floor(25, 0.08), new Floor(50, 0.04), new Floor(100, 0.02));
    private static final List<AlikeFloor> ALIKE_FLOORS =
            List.of(new AlikeFloor(5, 10, 100, 0.08, 1.6), new AlikeFloor(12, 8, 120, 0.05, 2.5));
    /** Beyond this number of domains, a large crowd from many small organisations is to be told apart. */
    private static final int MANY_DOMAINS = 300;
    /** Among many domains, one that is used alike has at least this many times the calls of a usual one. */
    private static final int TIMES_MEDIAN = 5;

    /** A member of a group has at most this many times the calls of a usual one. */
    private static final int MAX_TIMES_MEDIAN = 4;

    private static final Floor NETWORK_FLOOR = new Floor(30, 0.03);
    private static final double SUSPICIOUS_IN_NETWORK = 0.3;
    private static final double GENERATED_FLOOR = 0.2;
    private static final double GENERATED_TIMES_PAST = 3;
    private static final double SHORT_FORMS_FLOOR = 0.3;
    private static final double SAME_FORM_FLOOR = 0.5;
    private static final double FAST_CONFIRMATIONS_FLOOR = 0.6;
    /** By how much the share of a country or language is above the usual one. */
    private static final double MIN_RISE = 0.3;

    private AttackDetector() {}

    /** A number of calls and their share, both of which an anomaly reaches. */
    private record Floor(int calls, double share) {

        boolean isReached(int matching, int all) {
            return matching >= calls && CallCounts.share(matching, all) >= share;
        }
    }

    /**
     * What a group of domains reaches that a program uses alike.
     *
     * @param calls the number of calls of each
     * @param domains the number of domains
     * @param sum the number of calls of all
     * @param share the share of all
     * @param dispersion the largest variance of their calls, divided by the mean: 1 if each call takes one at random,
     *     and 10 or more for the domains of people, whose sizes differ
     */
    private record AlikeFloor(int calls, int domains, int sum, double share, double dispersion) {}

    /** Returns the anomalies of the last ten minutes and of the last hour, those of one kind and key once. */
    static List<Anomaly> detect(CallHistory history, Instant now) {
        LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
        List<Anomaly> found = new ArrayList<>();
        CallCounts recent = history.window(now, CallHistory.SHORT_WINDOW, day);
        found.addAll(inWindow(recent, history.past(), day));
        OwnedDomains.Found owned = OwnedDomains.in(recent.profiles());
        owned.domains()
                .forEach((domain, calls) -> found.add(new Anomaly(Kind.DOMAIN, day, domain, owned.share(), calls, 0)));
        found.addAll(inWindow(history.window(now, CallHistory.LONG_WINDOW, day), history.past(), day));
        Map<List<Object>, Anomaly> largest = new LinkedHashMap<>();
        for (Anomaly anomaly : found) {
            largest.merge(
                    List.of(anomaly.kind(), anomaly.key()),
                    anomaly,
                    (one, other) -> one.calls() >= other.calls() ? one : other);
        }
        return List.copyOf(largest.values());
    }

    private static List<Anomaly> inWindow(CallCounts window, Past past, LocalDate day) {
        List<Anomaly> found = new ArrayList<>();
        if (window.calls() >= MIN_CALLS) {
            domains(window, past, day, found);
            networks(window, past, day, found);
            generated(window, past, day, found);
        }
        if (window.knownForms() >= MIN_CALLS) {
            formTimes(window, past, day, found);
        }
        double fast = CallCounts.share(window.fastConfirmations(), window.confirmations());
        if (window.confirmations() >= MIN_CALLS && fast >= FAST_CONFIRMATIONS_FLOOR) {
            found.add(new Anomaly(Kind.CONFIRMATION, day, 0, fast, window.fastConfirmations(), 0));
        }
        if (!found.isEmpty() && past.isKnown()) {
            risen(Kind.COUNTRY, window.countries(), past.countries(), window, day, found);
            risen(Kind.LANGUAGE, window.languages(), past.languages(), window, day, found);
        }
        return found;
    }

    private static void domains(CallCounts window, Past past, LocalDate day, List<Anomaly> found) {
        double usual = past.isKnown() ? TIMES_PAST * past.domain() : 0;
        window.domains().forEach((domain, matching) -> {
            boolean reached =
                    DOMAIN_FLOORS.stream().anyMatch(floor -> floor.isReached(matching.calls(), window.calls()));
            if (reached && CallCounts.share(matching.calls(), window.calls()) >= usual) {
                found.add(anomaly(Kind.DOMAIN, day, domain, matching, window));
            }
        });
        int usualCalls = window.domains().size() > MANY_DOMAINS
                ? TIMES_MEDIAN * median(window.domains().values())
                : 0;
        for (AlikeFloor floor : ALIKE_FLOORS) {
            int least = Math.max(floor.calls(), usualCalls);
            Map<Long, Matching> group = new LinkedHashMap<>();
            window.domains().forEach((domain, matching) -> {
                if (matching.calls() >= least) {
                    group.put(domain, matching);
                }
            });
            // A large organisation is none of many domains that are used alike.
            int largest = MAX_TIMES_MEDIAN * median(group.values());
            group.values().removeIf(matching -> matching.calls() > largest);
            if (isAlike(group.values(), floor, window.calls())) {
                group.forEach((domain, matching) -> found.add(anomaly(Kind.DOMAIN, day, domain, matching, window)));
            }
        }
    }

    private static int median(Collection<Matching> domains) {
        int[] calls = domains.stream().mapToInt(Matching::calls).sorted().toArray();
        return calls.length == 0 ? 0 : calls[calls.length / 2];
    }

    private static boolean isAlike(Collection<Matching> group, AlikeFloor floor, int all) {
        int sum = group.stream().mapToInt(Matching::calls).sum();
        if (group.size() < floor.domains() || sum < floor.sum() || CallCounts.share(sum, all) < floor.share()) {
            return false;
        }
        double mean = (double) sum / group.size();
        double variance = group.stream()
                        .mapToDouble(matching -> Math.pow(matching.calls() - mean, 2))
                        .sum()
                / group.size();
        return variance / mean <= floor.dispersion();
    }

    /** A network alone is no attack: a mobile carrier has thousands of phones behind one address. */
    private static void networks(CallCounts window, Past past, LocalDate day, List<Anomaly> found) {
        double generated =
                Math.max(SUSPICIOUS_IN_NETWORK, past.isKnown() ? GENERATED_TIMES_PAST * past.generated() : 0);
        window.networks().forEach((network, matching) -> {
            boolean suspicious = matching.generatedShare() >= generated
                    || matching.shortFormShare() >= Math.max(SUSPICIOUS_IN_NETWORK, 2 * past.shortForms());
            if (suspicious && NETWORK_FLOOR.isReached(matching.calls(), window.calls())) {
                found.add(anomaly(Kind.NETWORK, day, network, matching, window));
            }
        });
    }

    private static void generated(CallCounts window, Past past, LocalDate day, List<Anomaly> found) {
        double share = CallCounts.share(window.generated(), window.calls());
        double usual = past.isKnown() ? GENERATED_TIMES_PAST * past.generated() : 0;
        if (share >= Math.max(GENERATED_FLOOR, usual)) {
            found.add(new Anomaly(Kind.GENERATED, day, 0, share, window.generated(), 0));
        }
    }

    private static void formTimes(CallCounts window, Past past, LocalDate day, List<Anomaly> found) {
        double tooShort = CallCounts.share(window.shortForms(), window.knownForms());
        int same = window.formSeconds().values().stream()
                .mapToInt(Matching::calls)
                .max()
                .orElse(0);
        if (tooShort >= Math.max(SHORT_FORMS_FLOOR, past.isKnown() ? TIMES_PAST * past.shortForms() : 0)) {
            found.add(new Anomaly(Kind.FORM_TIME, day, 0, tooShort, window.shortForms(), 0));
        } else if (CallCounts.share(same, window.knownForms()) >= SAME_FORM_FLOOR) {
            found.add(new Anomaly(Kind.FORM_TIME, day, 0, CallCounts.share(same, window.knownForms()), same, 0));
        }
    }

    /** The news of one country is no attack. Country and language say more about an attack that shows otherwise. */
    private static void risen(
            Kind kind,
            Map<String, Matching> codes,
            Map<String, Double> usual,
            CallCounts window,
            LocalDate day,
            List<Anomaly> found) {
        codes.forEach((code, matching) -> {
            double share = CallCounts.share(matching.calls(), window.calls());
            if (share - usual.getOrDefault(code, 0.0) >= MIN_RISE) {
                found.add(anomaly(kind, day, LetterCode.of(code), matching, window));
            }
        });
    }

    private static Anomaly anomaly(Kind kind, LocalDate day, long key, Matching matching, CallCounts window) {
        return new Anomaly(
                kind, day, key, CallCounts.share(matching.calls(), window.calls()), matching.calls(), matching.held());
    }
}
