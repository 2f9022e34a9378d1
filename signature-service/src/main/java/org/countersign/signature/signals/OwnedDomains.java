package org.countersign.signature.signals;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.countersign.signature.signals.CallProfiles.CallProfile;
import org.countersign.signature.signals.CallProfiles.ProfileCounts;
import org.countersign.signature.signals.CallProfiles.Slice;

/**
 * Finds programs that use many mail domains with few calls each. Their calls share a country, a network block or a form
 * time, or have generated addresses. Most people with the same property have an address of a provider. A slice of calls
 * without such people belongs to the program. The thresholds and their reasons are in decision 98.
 */
final class OwnedDomains {

    /** A slice of fewer calls tells nothing. The largest domain does not count: it may be an unknown provider. */
    private static final int MIN_CALLS = 30;

    private static final int MIN_DOMAINS = 8;
    private static final double MIN_SHARE_OF_ALL = 0.01;
    /** The share of calls of owned domains in the slice. */
    private static final double MIN_OWNED = 0.8;
    /** It has at least this many times the calls of owned domains that the other calls let expect. */
    private static final double MIN_TIMES_EXPECTED = 5;
    /** The calls outside tell what to expect inside. */
    private static final int MIN_OUTSIDE = 100;
    /** The share of all calls that are expected to be those of honest signers, in all slices together. */
    private static final double MAX_HONEST = 0.002;
    /** A domain belongs to the program if this share of its calls does. */
    private static final double MIN_OF_DOMAIN = 0.6;

    private OwnedDomains() {}

    /** Calls of a slice. */
    private static final class SliceCounts {

        private int shared;
        private int own;

        private void add(ProfileCounts counts) {
            shared += counts.shared();
            own += counts.own();
        }
    }

    /**
     * The domains of programs.
     *
     * @param share the share of all calls that the domains have together
     * @param domains the number of calls of each domain
     */
    record Found(double share, Map<Long, Integer> domains) {}

    /** Returns the domains of programs. */
    static Found in(CallProfiles profiles) {
        SliceCounts all = new SliceCounts();
        profiles.counts().values().forEach(all::add);
        List<Map.Entry<Slice, SliceCounts>> suspicious = new ArrayList<>(slices(profiles).entrySet().stream()
                .filter(slice -> isSuspicious(slice.getValue(), all))
                .sorted(Comparator.comparingDouble(slice -> expected(slice.getValue(), all) / slice.getValue().own))
                .toList());
        Set<CallProfile> marked = new HashSet<>();
        double honest = 0;
        for (Map.Entry<Slice, SliceCounts> slice : suspicious) {
            Map<CallProfile, ProfileCounts> inside = inside(profiles, slice.getKey());
            if (!hasManyDomains(inside.values())) {
                continue;
            }
            inside.keySet().removeAll(marked);
            double expected =
                    inside.values().stream().mapToInt(ProfileCounts::shared).sum()
                            * ratioOutside(slice.getValue(), all);
            if (!inside.isEmpty() && honest + expected <= Math.max(1, MAX_HONEST * profiles.calls())) {
                marked.addAll(inside.keySet());
                honest += expected;
            }
        }
        return domains(profiles, marked);
    }

    /** Counts the calls of all slices that may have enough calls of owned domains. */
    private static Map<Slice, SliceCounts> slices(CallProfiles profiles) {
        Map<Slice, SliceCounts> slices = new HashMap<>();
        profiles.counts().forEach((profile, counts) -> profile.traits().forEach(trait -> add(slices, trait, counts)));
        slices.values().removeIf(slice -> slice.own < MIN_CALLS);
        // Two traits together have no more calls than each of them. Most network blocks are gone by now.
        Set<Slice> traits = Set.copyOf(slices.keySet());
        profiles.counts().forEach((profile, counts) -> {
            List<Slice> kept =
                    profile.traits().stream().filter(traits::contains).toList();
            for (int i = 0; i < kept.size(); i++) {
                for (int j = i + 1; j < kept.size(); j++) {
                    add(slices, kept.get(i).and(kept.get(j)), counts);
                }
            }
        });
        return slices;
    }

    private static void add(Map<Slice, SliceCounts> slices, Slice slice, ProfileCounts counts) {
        slices.computeIfAbsent(slice, unknown -> new SliceCounts()).add(counts);
    }

    private static Map<CallProfile, ProfileCounts> inside(CallProfiles profiles, Slice slice) {
        Map<CallProfile, ProfileCounts> inside = new HashMap<>();
        profiles.counts().forEach((profile, counts) -> {
            if (slice.has(profile)) {
                inside.put(profile, counts);
            }
        });
        return inside;
    }

    private static boolean isSuspicious(SliceCounts slice, SliceCounts all) {
        int calls = slice.own + slice.shared;
        int outside = all.own + all.shared - calls;
        return slice.own >= MIN_CALLS
                && calls >= MIN_SHARE_OF_ALL * (all.own + all.shared)
                && outside >= MIN_OUTSIDE
                && CallCounts.share(slice.own, calls) >= MIN_OWNED
                && expected(slice, all) * MIN_TIMES_EXPECTED <= slice.own;
    }

    /** Returns how many calls of owned domains the calls of shared domains let expect. */
    private static double expected(SliceCounts slice, SliceCounts all) {
        return slice.shared * ratioOutside(slice, all);
    }

    private static double ratioOutside(SliceCounts slice, SliceCounts all) {
        return (double) (all.own - slice.own + 1) / (all.shared - slice.shared + 1);
    }

    private static boolean hasManyDomains(Collection<ProfileCounts> inside) {
        Map<Long, Integer> domains = new HashMap<>();
        inside.forEach(
                counts -> counts.domains().forEach((domain, calls) -> domains.merge(domain, calls, Integer::sum)));
        int sum = domains.values().stream().mapToInt(Integer::intValue).sum();
        int largest =
                domains.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        return domains.size() >= MIN_DOMAINS && sum - largest >= MIN_CALLS;
    }

    private static Found domains(CallProfiles profiles, Set<CallProfile> marked) {
        if (marked.isEmpty()) {
            return new Found(0, Map.of());
        }
        Map<Long, Integer> all = new HashMap<>();
        Map<Long, Integer> inside = new HashMap<>();
        profiles.counts()
                .forEach((profile, counts) -> counts.domains().forEach((domain, calls) -> {
                    all.merge(domain, calls, Integer::sum);
                    if (marked.contains(profile)) {
                        inside.merge(domain, calls, Integer::sum);
                    }
                }));
        inside.keySet()
                .removeIf(domain ->
                        CallCounts.share(inside.getOrDefault(domain, 0), all.getOrDefault(domain, 0)) < MIN_OF_DOMAIN);
        int sum = inside.values().stream().mapToInt(Integer::intValue).sum();
        return new Found(CallCounts.share(sum, profiles.calls()), inside);
    }
}
