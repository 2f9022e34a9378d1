package org.countersign.loadtest.attack;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What an attack or a crowd is made of.
 *
 * @param count the number of persons
 * @param duration the time in which they sign
 * @param run differs between runs, so that no address occurs twice
 * @param random the source of all choices
 */
record Scenario(int count, Duration duration, String run, RandomGenerator random) {

    /** One kind of attack. A new kind is a class of its own in {@link Scenarios}. */
    interface AttackStyle {

        /** Returns the name on the command line. */
        String name();

        /** Returns whether the attackers have accounts at mail providers that honest signers use, too. */
        boolean usesMailProviders();

        List<SimulatedPerson> attackers(Scenario scenario);
    }

    /** One kind of honest signers. A new kind is a class of its own in {@link Scenarios}. */
    interface HonestCrowd {

        /** Returns the name on the command line. */
        String name();

        List<SimulatedPerson> signers(Scenario scenario);
    }

    /** Returns a time at a fraction of the duration, from 0 to 1. */
    Duration at(double fraction) {
        return Duration.ofNanos((long) (duration.toNanos() * fraction));
    }

    /** Returns a random time within the duration. */
    Duration anyTime() {
        return at(random.nextDouble());
    }
}
