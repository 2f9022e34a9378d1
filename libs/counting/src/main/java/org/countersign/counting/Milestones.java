package org.countersign.counting;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * The milestones of a petition: the organiser's own, or else the ladder 10, 50, 100, 250 … The goal is always among
 * them.
 *
 * @param own the organiser's own, rising; empty for the ladder
 * @param goal what the petition wants
 */
public record Milestones(List<Long> own, long goal) {

    private static final long FIRST = 10;

    public Milestones {
        own = List.copyOf(own);
    }

    /** The first milestone above a count; none if the organiser's own have all been passed. */
    public OptionalLong after(long count) {
        LongStream candidates = own.isEmpty()
                ? LongStream.of(goal, ladderAfter(count))
                : LongStream.concat(LongStream.of(goal), own.stream().mapToLong(Long::longValue));
        return candidates.filter(milestone -> milestone > count).min();
    }

    /** The ladder goes on for ever: 10, 50, 100, 250, 500, 1,000, 2,500, 5,000, 10,000, 25,000 … */
    private static long ladderAfter(long count) {
        for (long power = FIRST; ; power *= 10) {
            // There is no 25: a first alert so soon after the one at 10 would be noise.
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
