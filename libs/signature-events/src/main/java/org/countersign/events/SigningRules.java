package org.countersign.events;

import java.util.List;
import java.util.Optional;

/**
 * The signing rules of a petition: which sign calls are allowed, held or blocked. A block comes before an allowance,
 * and an allowance before everything else.
 *
 * @param allow calls that nothing else holds
 * @param hold calls that wait for the organiser's decision
 * @param block calls that wait as well, and are not released with others
 * @param perNetwork the limit of each network: IPv4 /24, IPv6 /64
 * @param perDomain the limit of each mail domain, with its subdomains
 * @param perPetition the limit of the petition
 */
public record SigningRules(
        RuleList allow,
        RuleList hold,
        RuleList block,
        Optional<SigningLimit> perNetwork,
        Optional<SigningLimit> perDomain,
        Optional<SigningLimit> perPetition) {

    /**
     * The rules of a petition without rules of its own: no lists, 5 calls of a mail domain at once and 2 per minute,
     * and no other limit.
     */
    public static final SigningRules DEFAULT = new SigningRules(
            RuleList.EMPTY,
            RuleList.EMPTY,
            RuleList.EMPTY,
            Optional.empty(),
            Optional.of(new SigningLimit(5, 2)),
            Optional.empty());

    /**
     * Sign calls by their origin.
     *
     * @param domains mail domains, in lower case; {@code *} stands for any characters
     * @param networks addresses and networks in CIDR notation
     */
    public record RuleList(List<String> domains, List<String> networks) {

        /** No origin. */
        public static final RuleList EMPTY = new RuleList(List.of(), List.of());

        public RuleList {
            domains = List.copyOf(domains);
            networks = List.copyOf(networks);
        }
    }

    /**
     * A limit.
     *
     * @param burst the number of calls at once, from 1
     * @param perMinute the number of further calls per minute, from 0
     */
    public record SigningLimit(long burst, long perMinute) {

        public SigningLimit {
            if (burst < 1 || perMinute < 0) {
                throw new IllegalArgumentException("a limit needs a burst of 1 or more, and 0 or more per minute");
            }
        }
    }
}
