package org.countersign.signature.application;

import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.countersign.signature.domain.petition.PetitionCommand.ClosePetition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Closes petitions at their closing time, so that the history records it. */
@Component
class PetitionClosing {

    private static final Logger LOG = LoggerFactory.getLogger(PetitionClosing.class);

    private final Petitions petitions;
    private final CommandDispatcher commands;
    private final Clock clock;

    PetitionClosing(Petitions petitions, CommandDispatcher commands, Clock clock) {
        this.petitions = petitions;
        this.commands = commands;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
    void closeDuePetitions() {
        try {
            petitions.all().stream()
                    .filter(petition -> petition.isDue(clock.instant()))
                    .forEach(petition -> commands.send(new ClosePetition(petition.slug(), clock.instant())));
        } catch (RuntimeException e) {
            LOG.warn("Cannot close due petitions; retrying on schedule: {}", e.getMessage());
        }
    }
}
