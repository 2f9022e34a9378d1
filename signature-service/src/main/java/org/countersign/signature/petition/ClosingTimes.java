package org.countersign.signature.petition;

import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.countersign.signature.Commands;
import org.countersign.signature.petition.PetitionCommand.ClosePetition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Closes petitions whose closing time has come, so that it stands in the history. */
@Component
class ClosingTimes {

    private static final Logger LOG = LoggerFactory.getLogger(ClosingTimes.class);

    private final Petitions petitions;
    private final Commands commands;
    private final Clock clock;

    ClosingTimes(Petitions petitions, Commands commands, Clock clock) {
        this.petitions = petitions;
        this.commands = commands;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
    void closeWhatIsDue() {
        try {
            petitions.all().stream().filter(petition -> petition.isDue(clock.instant()))
                    .forEach(petition -> commands.send(new ClosePetition(petition.slug(), clock.instant())));
        } catch (RuntimeException e) {
            LOG.warn("petitions that are due could not be closed now: {}", e.getMessage());
        }
    }
}
