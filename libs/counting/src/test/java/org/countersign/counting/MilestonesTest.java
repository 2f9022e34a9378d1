package org.countersign.counting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MilestonesTest {

    private static List<Long> first(int count, Milestones milestones) {
        List<Long> found = new ArrayList<>();
        OptionalLong next = milestones.after(0);
        while (next.isPresent() && found.size() < count) {
            found.add(next.getAsLong());
            next = milestones.after(next.getAsLong());
        }
        return found;
    }

    @Test
    void without_its_own_a_petition_climbs_the_ladder_and_goes_on_beyond_its_goal() {
        assertThat(first(14, new Milestones(List.of(), 25_000)))
                .containsExactly(
                        10L, 50L, 100L, 250L, 500L, 1_000L, 2_500L, 5_000L, 10_000L, 25_000L, 50_000L, 100_000L,
                        250_000L, 500_000L);
    }

    @Test
    void the_goal_is_always_among_them() {
        assertThat(first(5, new Milestones(List.of(), 75))).containsExactly(10L, 50L, 75L, 100L, 250L);
        assertThat(first(9, new Milestones(List.of(3L, 5L), 8))).containsExactly(3L, 5L, 8L);
    }

    @Test
    void the_organisers_own_end() {
        assertThat(new Milestones(List.of(3L, 5L), 5).after(5)).isEmpty();
    }
}
