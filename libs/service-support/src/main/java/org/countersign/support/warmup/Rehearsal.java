package org.countersign.support.warmup;

/**
 * Exercises a frequent path of a service through its real code, so that the compiler has optimised it before the first
 * request. It leaves nothing behind: no row, no event, no record, no mail and no metric.
 */
@FunctionalInterface
public interface Rehearsal {

    /**
     * How often a path is exercised at most. The compiler optimises a method after some thousand calls. More would take
     * processor time from the other services of a machine that start as well.
     */
    long ENOUGH = 20_000;

    /**
     * Repeats the path until the time is over, or {@link #ENOUGH} times.
     *
     * @param time tells when to end
     * @return how often the path was exercised
     * @throws Exception if the path cannot be exercised; the service starts all the same
     */
    long rehearse(RehearsalTime time) throws Exception;
}
