package org.countersign.signature.screening;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.countersign.signature.personaldata.EmailAddress;
import org.jspecify.annotations.Nullable;

/**
 * Finds likely typing errors in the domains of e-mail addresses. It compares with well-known domains of mail only, and
 * never with those of other signers.
 */
public final class MistypedDomains {

    /** Endings that do not exist. */
    private static final Map<String, String> NO_ENDINGS = Map.ofEntries(
            Map.entry("con", "com"),
            Map.entry("cmo", "com"),
            Map.entry("ocm", "com"),
            Map.entry("vom", "com"),
            Map.entry("xom", "com"),
            Map.entry("cim", "com"),
            Map.entry("cpm", "com"),
            Map.entry("comm", "com"),
            Map.entry("coom", "com"),
            Map.entry("ccom", "com"),
            Map.entry("nte", "net"),
            Map.entry("ner", "net"),
            Map.entry("nett", "net"),
            Map.entry("ogr", "org"),
            Map.entry("orgg", "org"));
    /** Endings of countries that are errors where a well-known domain has the other ending. */
    private static final Map<String, String> RARE_ENDINGS = Map.of("co", "com", "cm", "com", "om", "com", "ne", "net");

    private static final int MIN_LENGTH_FOR_ONE_ERROR = 4;
    private static final int MIN_LENGTH_FOR_TWO_ERRORS = 7;

    private final Set<String> known = DomainFile.read(DomainFile.resource("public-mail-providers.txt"));
    private final Set<String> other = DomainFile.read(DomainFile.resource("common-mail-domains.txt"));
    /** In a fixed order, so that equally similar domains give the same answer each time. */
    private final List<DomainParts> wellKnown =
            known.stream().sorted().map(DomainParts::of).toList();

    private record DomainParts(String name, String ending) {

        static DomainParts of(String domain) {
            int dot = domain.indexOf('.');
            return new DomainParts(domain.substring(0, dot), domain.substring(dot + 1));
        }

        String domain() {
            return name + "." + ending;
        }
    }

    /**
     * Returns the address that the signer probably meant.
     *
     * @param email the address as typed; null if there is none
     * @return empty if the address is invalid, if its domain is well known, or if nothing is similar enough
     */
    public Optional<String> suggestion(@Nullable String email) {
        String typed;
        try {
            typed = EmailAddress.parse(email).typed();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int at = typed.lastIndexOf('@');
        String domain = typed.substring(at + 1).toLowerCase(Locale.ROOT);
        return suggestedDomain(domain).map(better -> typed.substring(0, at + 1) + better);
    }

    private Optional<String> suggestedDomain(String domain) {
        if (known.contains(domain) || other.contains(domain)) {
            return Optional.empty();
        }
        int lastDot = domain.lastIndexOf('.');
        String ending = domain.substring(lastDot + 1);
        String mended = NO_ENDINGS.get(ending);
        Optional<String> similar = similar(domain.substring(0, lastDot + 1) + (mended == null ? ending : mended));
        if (similar.isEmpty() && RARE_ENDINGS.containsKey(ending)) {
            similar = similar(domain.substring(0, lastDot + 1) + RARE_ENDINGS.get(ending));
        }
        return similar.isPresent() || mended == null ? similar : Optional.of(domain.substring(0, lastDot + 1) + mended);
    }

    /** Returns the most similar well-known domain, which may be equal. */
    private Optional<String> similar(String domain) {
        if (known.contains(domain) || other.contains(domain)) {
            return Optional.of(domain);
        }
        DomainParts typed = DomainParts.of(domain);
        return wellKnown.stream()
                .filter(candidate -> candidate.ending().equals(typed.ending()))
                .filter(candidate -> candidate.name().length() >= MIN_LENGTH_FOR_ONE_ERROR)
                .map(candidate -> Map.entry(candidate, distance(typed.name(), candidate.name())))
                .filter(found -> found.getValue() <= allowed(found.getKey()))
                .min(Comparator.comparingInt(Map.Entry::getValue))
                .map(found -> found.getKey().domain());
    }

    /** In a short name, two other letters make another name. */
    private static int allowed(DomainParts candidate) {
        return candidate.name().length() >= MIN_LENGTH_FOR_TWO_ERRORS ? 2 : 1;
    }

    /**
     * The Damerau-Levenshtein distance of two texts: how many letters are missing, added, replaced or swapped with
     * their neighbour. Returns 3 for all larger distances of texts with different lengths.
     */
    static int distance(String one, String two) {
        if (Math.abs(one.length() - two.length()) > 2) {
            return 3;
        }
        int[][] d = new int[one.length() + 1][two.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            d[i][0] = i;
        }
        for (int j = 0; j <= two.length(); j++) {
            d[0][j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            for (int j = 1; j <= two.length(); j++) {
                boolean same = one.charAt(i - 1) == two.charAt(j - 1);
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + (same ? 0 : 1));
                boolean swapped = i > 1
                        && j > 1
                        && one.charAt(i - 1) == two.charAt(j - 2)
                        && one.charAt(i - 2) == two.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[one.length()][two.length()];
    }
}
