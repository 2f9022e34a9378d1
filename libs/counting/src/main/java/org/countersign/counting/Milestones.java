package org.countersign.counting;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * The milestones of a petition: the organiser's own, or the default ladder 10, 50, 100, 250 … The goal is always a
 * milestone.
 *
 * @param own the organiser's own milestones, rising; empty for the ladder
 * @param goal the goal of the petition
 */
public record Milestones(List<Long> own, long goal) {

    private static final long FIRST = 10;

    public Milestones {
        own = List.copyOf(own);
    }

    /** Returns the first milestone above a count, or empty after the last own milestone. */
    public OptionalLong after(long count) {
        LongStream candidates = own.isEmpty()
                ? LongStream.of(goal, ladderAfter(count))
                : LongStream.concat(LongStream.of(goal), own.stream().mapToLong(Long::longValue));
        return candidates.filter(milestone -> milestone > count).min();
    }

    /** Returns the next step of the endless ladder 10, 50, 100, 250, 500, 1,000, 2,500, 5,000, 10,000, 25,000 … */
    private static long ladderAfter(long count) {
        for (long power = FIRST; ; power *= 10) {
            // The ladder has no 25: a mail so soon after the one at 10 would be noise.
            long[] steps =
                    power == FIRST ? new long[] {power, 5 * power} : new long[] {power, 5 * power / 2, 5 * power};
            for (long step : steps) {
                if (step > count) {
                    return step;
                }
            }
        }
    }
}
