package org.countersign.signature.signals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sign calls of a petition in some time by what they have in common apart from the mail domain. Its size is
 * bounded: beyond a number of calls, it counts no more.
 */
final class CallProfiles {

    private static final int MAX_CALLS = 20_000;
    private static final int UNKNOWN_FORM = -1;

    private final Map<CallProfile, ProfileCounts> counts = new HashMap<>();
    private int calls;

    /**
     * What a sign call tells about its sender.
     *
     * @param block the hash of the network block, 0 if unknown
     * @param form how long the form was open, on a logarithmic scale
     * @param generated whether the local part looks generated
     */
    record CallProfile(String country, int block, int form, boolean generated) {

        static CallProfile of(SeenCall call) {
            return new CallProfile(call.country(), call.block(), scale(call.form()), call.generated());
        }

        private static int scale(int seconds) {
            if (seconds == SigningSignal.UNKNOWN) {
                return UNKNOWN_FORM;
            }
            return seconds < CallCounts.SHORT_FORM_SECONDS
                    ? 0
                    : Integer.SIZE - Integer.numberOfLeadingZeros(seconds / CallCounts.SHORT_FORM_SECONDS);
        }

        /** Returns the slices of one trait that have calls of this profile. */
        List<Slice> traits() {
            List<Slice> traits = new ArrayList<>();
            traits.add(new Slice(country, Slice.ANY, Slice.ANY, false));
            traits.add(new Slice("", Slice.ANY, form, false));
            if (block != SignalHashes.NO_BLOCK) {
                traits.add(new Slice("", block, Slice.ANY, false));
            }
            if (generated) {
                traits.add(new Slice("", Slice.ANY, Slice.ANY, true));
            }
            return traits;
        }
    }

    /** One or two traits that calls have in common. The others are any. */
    record Slice(String country, int block, int form, boolean generated) {

        private static final int ANY = Integer.MIN_VALUE;

        boolean has(CallProfile profile) {
            return (country.isEmpty() || country.equals(profile.country))
                    && (block == ANY || block == profile.block)
                    && (form == ANY || form == profile.form)
                    && (!generated || profile.generated);
        }

        Slice and(Slice other) {
            return new Slice(
                    country + other.country,
                    Math.max(block, other.block),
                    Math.max(form, other.form),
                    generated || other.generated);
        }
    }

    /** The calls of one profile: those of shared domains, and those of each other domain. */
    static final class ProfileCounts {

        private final Map<Long, Integer> domains = new HashMap<>();
        private int shared;
        private int own;

        int shared() {
            return shared;
        }

        /** Returns the number of calls of domains that have one owner. */
        int own() {
            return own;
        }

        Map<Long, Integer> domains() {
            return domains;
        }

        private void add(ProfileCounts other) {
            shared += other.shared;
            own += other.own;
            other.domains.forEach((domain, number) -> domains.merge(domain, number, Integer::sum));
        }
    }

    void add(SeenCall call) {
        if (calls < MAX_CALLS) {
            calls++;
            ProfileCounts of = counts.computeIfAbsent(CallProfile.of(call), unknown -> new ProfileCounts());
            if (call.shared()) {
                of.shared++;
            } else {
                of.own++;
                of.domains.merge(call.domain(), 1, Integer::sum);
            }
        }
    }

    /** Adds the calls of others. The sum has no bound of its own. */
    void add(CallProfiles other) {
        calls += other.calls;
        other.counts.forEach((profile, added) ->
                counts.computeIfAbsent(profile, unknown -> new ProfileCounts()).add(added));
    }

    void clear() {
        counts.clear();
        calls = 0;
    }

    int calls() {
        return calls;
    }

    Map<CallProfile, ProfileCounts> counts() {
        return counts;
    }
}
