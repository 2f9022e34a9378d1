package org.countersign.signature.application;

import jakarta.annotation.PostConstruct;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.countersign.events.PetitionClosed;
import org.countersign.events.PetitionEvent;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.signature.personaldata.PersonalData;
import org.countersign.signature.personaldata.Vault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * All petitions, folded from the log and held in memory, so that a sign call needs no query. Changes by another
 * instance are visible within half a second.
 */
@Component
public class Petitions {

    private static final Logger LOG = LoggerFactory.getLogger(Petitions.class);
    private static final int PAGE_SIZE = 500;

    private final EventLog log;
    private final Vault vault;
    private final Clock clock;
    private final Map<PetitionSlug, Petition> petitions = new ConcurrentHashMap<>();
    private final Map<PetitionSlug, Long> closings = new ConcurrentHashMap<>();
    private volatile long position;
    private volatile boolean logUnreachable;

    Petitions(EventLog log, Vault vault, Clock clock) {
        this.log = log;
        this.vault = vault;
        this.clock = clock;
    }

    /** Returns all petitions, the newest first. */
    public List<Petition> all() {
        return petitions.values().stream()
                .sorted(Comparator.comparing(Petition::publishedAt)
                        .reversed()
                        .thenComparing(petition -> petition.slug().value()))
                .toList();
    }

    /** Returns the index of the newest petition event that this instance knows. It grows with each change. */
    public long position() {
        return position;
    }

    /** Returns the petition if this instance knows it already. */
    public Optional<Petition> known(PetitionSlug slug) {
        return Optional.ofNullable(petitions.get(slug));
    }

    /**
     * Returns the petition with this slug. If this instance does not know it, it reads the log: another instance may
     * just have published it.
     *
     * @throws org.countersign.signature.domain.LogBehindException if this instance does not know it and the log lacks
     *     events
     * @throws DataAccessException if this instance does not know it and the log is unreachable
     */
    public Optional<Petition> find(PetitionSlug slug) {
        Petition known = petitions.get(slug);
        if (known == null) {
            // A restored log may lack the petition.
            log.requireOpen();
            requireReachableLog();
            refresh();
            log.requireComplete();
        }
        return Optional.ofNullable(petitions.get(slug));
    }

    /** The thread that follows the log notices an outage. Other threads then fail without waiting. */
    private void requireReachableLog() {
        if (logUnreachable) {
            throw new TransientDataAccessResourceException("The event log was unreachable a moment ago");
        }
    }

    /**
     * Returns the petition with this slug.
     *
     * @param slug the slug as the caller gave it
     * @throws Rejection if there is no such petition
     */
    public Petition get(String slug) {
        return Optional.of(slug)
                .filter(PetitionSlug::isSlug)
                .map(PetitionSlug::new)
                .flatMap(this::find)
                .orElseThrow(() -> new Rejection(Rejection.Reason.NO_PETITION));
    }

    /** Tells whether the petition can be signed now. */
    public boolean isOpen(Petition petition) {
        return petition.isOpen(clock.instant());
    }

    /** Returns the index of the event that closed a petition, or empty while the petition is open. */
    OptionalLong closing(Petition petition) {
        Long index = closings.get(petition.slug());
        return petition.closedAt().isPresent() && index != null ? OptionalLong.of(index) : OptionalLong.empty();
    }

    /** Reads the new events: once before the first request, and on schedule. */
    @PostConstruct
    public synchronized void refresh() {
        List<StoredEvent> page;
        do {
            page = log.petitionEventsAfter(position, PAGE_SIZE);
            for (StoredEvent stored : page) {
                PetitionEvent event = (PetitionEvent) stored.recorded().event();
                fold(event);
                if (event instanceof PetitionClosed) {
                    closings.put(event.petition(), stored.index());
                }
                position = stored.index();
            }
        } while (page.size() == PAGE_SIZE);
    }

    private void fold(PetitionEvent event) {
        if (event instanceof PetitionPublished published) {
            petitions.put(event.petition(), Petition.published(published, organiser(published)));
        } else {
            petitions.computeIfPresent(event.petition(), (slug, petition) -> petition.after(event));
        }
    }

    private String organiser(PetitionPublished published) {
        return log.sealedPetition(published.petition())
                .map(entry -> vault.open(entry.event().stream(), published.organiser(), entry.secret()))
                .map(PersonalData::name)
                .orElse("");
    }

    @Scheduled(fixedDelay = 500, timeUnit = TimeUnit.MILLISECONDS)
    void follow() {
        try {
            refresh();
            logUnreachable = false;
        } catch (DataAccessException e) {
            logUnreachable = true;
            LOG.debug("Cannot refresh the petitions: {}", e.getMessage());
        }
    }
}
