package org.countersign.loadtest.attack;

import java.time.Duration;
import java.util.Optional;

/**
 * A person, or a program that pretends to be one, who signs once and may confirm.
 *
 * @param signsAt the time of the sign call, counted from the start of the run
 * @param network the IP address that the sign call comes from
 * @param confirmation when the person confirms, empty if never
 */
record SimulatedPerson(
        boolean attacker,
        Duration signsAt,
        String name,
        String email,
        String country,
        String network,
        Optional<Confirmation> confirmation) {

    /**
     * The time of a confirmation.
     *
     * @param afterMail the pause after the arrival of the mail
     * @param notBefore counted from the start of the run
     */
    record Confirmation(Duration afterMail, Duration notBefore) {

        static Optional<Confirmation> after(Duration afterMail) {
            return Optional.of(new Confirmation(afterMail, Duration.ZERO));
        }
    }
}
