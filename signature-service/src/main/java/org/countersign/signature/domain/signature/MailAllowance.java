package org.countersign.signature.domain.signature;

import java.time.Duration;
import java.time.Instant;

/**
 * Limits the mails that sign calls send to one address: five at once, and then one in ten minutes (a token bucket). It
 * prevents mail flooding, and leaves the owner of the address a mail after a stranger used the address.
 *
 * @param tokens the number of mails that could be sent at the time of the last one
 * @param last when the last mail was planned
 */
record MailAllowance(double tokens, Instant last) {

    private static final int BURST = 5;
    private static final Duration INTERVAL = Duration.ofMinutes(10);

    /** No mail was sent yet. */
    static final MailAllowance FULL = new MailAllowance(BURST, Instant.EPOCH);

    /** Returns the allowance after a mail. */
    MailAllowance afterMail(Instant at) {
        return new MailAllowance(Math.max(0, tokensAt(at) - 1), at);
    }

    /** Tells whether a mail may be sent. */
    boolean allows(Instant at) {
        return tokensAt(at) >= 1;
    }

    /** Returns when the next mail may be sent. */
    Instant next(Instant at) {
        double missing = Math.max(0, 1 - tokensAt(at));
        return at.plusMillis((long) Math.ceil(missing * INTERVAL.toMillis()));
    }

    private double tokensAt(Instant at) {
        // A mail dated ahead by a wrong clock must not stop the mails until then.
        double elapsed = Duration.between(last, at).abs().toMillis();
        return Math.min(BURST, tokens + elapsed / INTERVAL.toMillis());
    }
}
