package org.countersign.signature.application;

import jakarta.annotation.PostConstruct;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.countersign.events.PetitionEvent;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.signature.eventlog.StreamIds;
import org.countersign.signature.personaldata.PersonalData;
import org.countersign.signature.personaldata.Vault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * All petitions, folded from the log and held in memory: signing looks at one without asking the database. What another
 * instance publishes or closes is seen within half a second.
 */
@Component
public class Petitions {

    private static final Logger LOG = LoggerFactory.getLogger(Petitions.class);
    private static final int PAGE = 500;

    private final EventLog log;
    private final Vault vault;
    private final Clock clock;
    private final Map<PetitionSlug, Petition> petitions = new ConcurrentHashMap<>();
    private long position;
    private volatile boolean logAway;

    Petitions(EventLog log, Vault vault, Clock clock) {
        this.log = log;
        this.vault = vault;
        this.clock = clock;
    }

    /** All petitions, the newest first. */
    public List<Petition> all() {
        return petitions.values().stream()
                .sorted(Comparator.comparing(Petition::publishedAt)
                        .reversed()
                        .thenComparing(petition -> petition.slug().value()))
                .toList();
    }

    /** The petition, if one of this name is known here by now. */
    public Optional<Petition> known(PetitionSlug slug) {
        return Optional.ofNullable(petitions.get(slug));
    }

    /**
     * The petition, if there is one of this name. One that is not known here is looked for in the log: another instance
     * may just have published it.
     *
     * @throws DataAccessException if it is not known here and the log is out of reach
     */
    public Optional<Petition> find(PetitionSlug slug) {
        Petition known = petitions.get(slug);
        if (known == null) {
            requireLog();
            refresh();
        }
        return Optional.ofNullable(petitions.get(slug));
    }

    /** While the log is out of reach, whoever follows it finds that out, and the others are told at once. */
    private void requireLog() {
        if (logAway) {
            throw new TransientDataAccessResourceException("the event log was out of reach a moment ago");
        }
    }

    /**
     * The petition with this name.
     *
     * @param slug as somebody typed it
     * @throws Rejection if there is none
     */
    public Petition get(String slug) {
        return Optional.of(slug)
                .filter(PetitionSlug::isSlug)
                .map(PetitionSlug::new)
                .flatMap(this::find)
                .orElseThrow(() -> new Rejection(Rejection.Reason.NO_PETITION));
    }

    /** Whether the petition can be signed now. */
    public boolean isOpen(Petition petition) {
        return petition.isOpen(clock.instant());
    }

    /** Takes in what has been appended since: before anybody is answered, and from then on. */
    @PostConstruct
    synchronized void refresh() {
        List<StoredEvent> page;
        do {
            page = log.petitionEventsAfter(position, PAGE);
            for (StoredEvent stored : page) {
                fold((PetitionEvent) stored.recorded().event());
                position = stored.index();
            }
        } while (page.size() == PAGE);
    }

    private void fold(PetitionEvent event) {
        if (event instanceof PetitionPublished published) {
            petitions.put(event.petition(), Petition.published(published, organiser(published)));
        } else {
            petitions.computeIfPresent(event.petition(), (slug, petition) -> petition.after(event));
        }
    }

    private String organiser(PetitionPublished published) {
        return log.sealedEvents(List.of(StreamIds.stream(published.petition()))).stream()
                .findFirst()
                .map(entry -> vault.open(entry.event().stream(), published.organiser(), entry.secret()))
                .map(PersonalData::name)
                .orElse("");
    }

    @Scheduled(fixedDelay = 500, timeUnit = TimeUnit.MILLISECONDS)
    void follow() {
        try {
            refresh();
            logAway = false;
        } catch (DataAccessException e) {
            logAway = true;
            LOG.debug("petitions can't be refreshed now: {}", e.getMessage());
        }
    }
}
