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
public record HeldByRule(String rule, long calls, Instant first, Instant last) {}
