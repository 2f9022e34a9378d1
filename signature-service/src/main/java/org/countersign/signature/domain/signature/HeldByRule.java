package org.countersign.signature.domain.signature;

import java.time.Instant;

/**
 * The held sign calls of a rule.
 *
 * @param rule the rule
 * @param calls their number
 * @param first the time of the oldest
 * @param last the time of the newest
 */
public record HeldByRule(String rule, long calls, Instant first, Instant last) {

    /** The rule that holds calls without a proof of work during an attack, until they are released by themselves. */
    public static final String PROOF_OF_WORK = "proof-of-work";

    /** The rule that holds a call which is judged a minute later. */
    public static final String WATCH_DOMAIN = "watch-domain";
}
