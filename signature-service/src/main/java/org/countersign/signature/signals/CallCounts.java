package org.countersign.signature.signals;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Counts of the sign calls of a petition in some time, by what they have in common. Its size is bounded: beyond a few
 * thousand domains and networks, new ones are not counted by name. One with a share that matters is among the first.
 */
final class CallCounts {

    /** A form that was open for less is sent by a program. */
    static final int SHORT_FORM_SECONDS = 3;
    /** A confirmation this soon after the sign call is made by a program. */
    static final int FAST_CONFIRMATION_SECONDS = 5;

    private static final int MAX_KEYS = 5_000;

    private final Map<Long, Matching> domains = new HashMap<>();
    private final Map<Long, Matching> networks = new HashMap<>();
    private final Map<String, Matching> countries = new HashMap<>();
    private final Map<String, Matching> languages = new HashMap<>();
    private final Map<Integer, Matching> formSeconds = new HashMap<>();
    private final CallProfiles profiles = new CallProfiles();
    private int calls;
    private int generated;
    private int knownForms;
    private int shortForms;
    private int confirmations;
    private int fastConfirmations;

    /** The calls that have something in common. */
    static final class Matching {

        private int calls;
        private int held;
        private int generated;
        private int knownForms;
        private int shortForms;

        int calls() {
            return calls;
        }

        int held() {
            return held;
        }

        /** Returns the share of addresses that look generated. */
        double generatedShare() {
            return share(generated, calls);
        }

        /** Returns the share of short form times among all calls, if enough form times are known. */
        double shortFormShare() {
            return share(shortForms, calls);
        }

        private void add(SeenCall call) {
            calls++;
            held += call.held() ? 1 : 0;
            generated += call.generated() ? 1 : 0;
            knownForms += isKnown(call) ? 1 : 0;
            shortForms += isShort(call) ? 1 : 0;
        }

        private void add(Matching other) {
            calls += other.calls;
            held += other.held;
            generated += other.generated;
            knownForms += other.knownForms;
            shortForms += other.shortForms;
        }
    }

    static double share(int part, int whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    private static boolean isKnown(SeenCall call) {
        return call.form() != SigningSignal.UNKNOWN;
    }

    private static boolean isShort(SeenCall call) {
        return isKnown(call) && call.form() < SHORT_FORM_SECONDS;
    }

    void add(SeenCall call) {
        calls++;
        generated += call.generated() ? 1 : 0;
        profiles.add(call);
        if (!call.shared()) {
            count(domains, call.domain(), call);
        }
        if (call.network() != SignalHashes.NONE) {
            count(networks, call.network(), call);
        }
        count(countries, call.country(), call);
        count(languages, call.language(), call);
        if (isKnown(call)) {
            knownForms++;
            shortForms += isShort(call) ? 1 : 0;
            count(formSeconds, call.form(), call);
        }
    }

    /** Adds confirmations. */
    void addConfirmations(int all, int fast) {
        confirmations += all;
        fastConfirmations += fast;
    }

    private static <K> void count(Map<K, Matching> counts, K key, SeenCall call) {
        Matching matching = slot(counts, key);
        if (matching != null) {
            matching.add(call);
        }
    }

    private static <K> @Nullable Matching slot(Map<K, Matching> counts, K key) {
        return counts.size() < MAX_KEYS ? counts.computeIfAbsent(key, unknown -> new Matching()) : counts.get(key);
    }

    /** Adds all counts of others. The sum has no bound of its own. */
    void add(CallCounts other) {
        calls += other.calls;
        generated += other.generated;
        knownForms += other.knownForms;
        shortForms += other.shortForms;
        confirmations += other.confirmations;
        fastConfirmations += other.fastConfirmations;
        profiles.add(other.profiles);
        addAll(domains, other.domains);
        addAll(networks, other.networks);
        addAll(countries, other.countries);
        addAll(languages, other.languages);
        addAll(formSeconds, other.formSeconds);
    }

    private static <K> void addAll(Map<K, Matching> to, Map<K, Matching> from) {
        from.forEach((key, matching) ->
                to.computeIfAbsent(key, unknown -> new Matching()).add(matching));
    }

    /** Keeps the largest counts only, and no profiles. */
    void compress(int most) {
        profiles.clear();
        keepLargest(domains, most);
        keepLargest(networks, most);
        keepLargest(formSeconds, most);
        keepLargest(languages, most);
    }

    private static <K> void keepLargest(Map<K, Matching> counts, int most) {
        if (counts.size() > most) {
            Map<K, Matching> largest = counts.entrySet().stream()
                    .sorted(Map.Entry.comparingByValue(
                            Comparator.comparingInt(Matching::calls).reversed()))
                    .limit(most)
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
            counts.keySet().retainAll(largest.keySet());
        }
    }

    int calls() {
        return calls;
    }

    int confirmations() {
        return confirmations;
    }

    int knownForms() {
        return knownForms;
    }

    int generated() {
        return generated;
    }

    int shortForms() {
        return shortForms;
    }

    int fastConfirmations() {
        return fastConfirmations;
    }

    /** Returns the mail domains that are not shared by strangers. */
    Map<Long, Matching> domains() {
        return domains;
    }

    /** Returns the calls by what they have in common apart from the mail domain. */
    CallProfiles profiles() {
        return profiles;
    }

    Map<Long, Matching> networks() {
        return networks;
    }

    Map<String, Matching> countries() {
        return countries;
    }

    /** Returns the languages. One that is unknown has an empty name. */
    Map<String, Matching> languages() {
        return languages;
    }

    /** Returns the form times in seconds. */
    Map<Integer, Matching> formSeconds() {
        return formSeconds;
    }

    /** Returns the share of the largest of these counts among all calls. */
    double largestShare(Map<?, Matching> counts) {
        return share(counts.values().stream().mapToInt(Matching::calls).max().orElse(0), calls);
    }
}
