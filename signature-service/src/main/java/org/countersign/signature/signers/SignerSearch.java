package org.countersign.signature.signers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Predicate;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureId;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.domain.signature.SignatureSummary;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.SigningRanges;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.personaldata.PseudonymousIds;
import org.springframework.stereotype.Service;

/**
 * Finds signatures for an organiser. An address becomes a pseudonymous id at once, and is neither stored nor logged.
 *
 * <p>A search by time or state reads the log from an index on. Each call reads a limited number of events, so that its
 * time does not grow with the log. Its answer says where the next call continues.
 */
@Service
public class SignerSearch {

    /** Instances take the time from their own clocks, and an event waits for its commit. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(10);

    private static final int MAX_RANGE = 20_000;
    private static final int MAX_EVENTS_READ = 200_000;
    private static final int MAX_SIGNATURES_READ = 10_000;
    private static final int BATCH_SIZE = 500;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Petitions petitions;
    private final EventLog log;
    private final SigningRanges ranges;
    private final PseudonymousIds ids;

    SignerSearch(Petitions petitions, EventLog log, SigningRanges ranges, PseudonymousIds ids) {
        this.petitions = petitions;
        this.log = log;
        this.ranges = ranges;
        this.ids = ids;
    }

    /**
     * A page of results.
     *
     * @param signatures in the order of their first sign calls
     * @param next where the next call continues; empty if everything was searched. A page may have few results or none
     *     although more follow, because the number of events that a call reads is limited.
     */
    public record SearchPage(List<SignatureSummary> signatures, OptionalLong next) {}

    /**
     * Searches the signatures of a petition.
     *
     * @param slug the slug as the caller gave it
     * @param form the unvalidated search
     * @throws org.countersign.signature.domain.InvalidFieldsException if a field of the form is invalid
     * @throws org.countersign.signature.domain.Rejection if there is no such petition
     * @throws org.countersign.signature.domain.LogBehindException if the log lacks events
     */
    public SearchPage search(String slug, SignerQueryForm form) {
        PetitionSlug petition = petitions.get(slug).slug();
        SignerQuery query = form.validate();
        log.requireOpen();
        SearchPage page = query.address().isPresent() || query.id().isPresent()
                ? new SearchPage(one(petition, query), OptionalLong.empty())
                : scan(petition, query);
        log.requireComplete();
        return page;
    }

    /**
     * Searches the signatures of a person in many petitions.
     *
     * @param wanted which petitions
     * @return in the order of the petitions, the newest first
     */
    public List<SignatureSummary> ofPerson(EmailAddress address, Predicate<Petition> wanted) {
        log.requireOpen();
        petitions.refresh();
        Map<UUID, PetitionSlug> streams = new LinkedHashMap<>();
        petitions.all().stream()
                .filter(wanted)
                .forEach(
                        petition -> streams.put(ids.of(petition.slug(), address).value(), petition.slug()));
        List<UUID> all = List.copyOf(streams.keySet());
        List<SignatureSummary> found = new ArrayList<>();
        for (int i = 0; i < all.size(); i += BATCH_SIZE) {
            List<UUID> batch = all.subList(i, Math.min(i + BATCH_SIZE, all.size()));
            Map<UUID, List<StoredEvent>> events = events(batch);
            batch.stream()
                    .map(stream -> events.getOrDefault(stream, List.of()))
                    .filter(stream -> !stream.isEmpty())
                    .forEach(stream -> found.add(summary(stream)));
        }
        log.requireComplete();
        return found;
    }

    /** Finds a signature by its id. */
    Optional<SignatureSummary> find(SignatureId signature) {
        log.requireOpen();
        Optional<SignatureSummary> found = events(List.of(signature.value())).values().stream()
                .map(SignerSearch::summary)
                .findFirst();
        log.requireComplete();
        return found;
    }

    private List<SignatureSummary> one(PetitionSlug petition, SignerQuery query) {
        Optional<SignatureId> ofAddress = query.address().map(address -> ids.of(petition, address));
        Optional<SignatureId> wanted = query.id().or(() -> ofAddress);
        if (ofAddress.isPresent() && !ofAddress.equals(wanted)) {
            return List.of();
        }
        return wanted.map(signature -> events(List.of(signature.value()))).stream()
                .flatMap(events -> events.values().stream())
                .map(SignerSearch::summary)
                .filter(signature -> signature.petition().equals(petition) && query.matches(signature))
                .toList();
    }

    private SearchPage scan(PetitionSlug petition, SignerQuery query) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        long end = query.to()
                .map(time -> ranges.lastBefore(time.plus(CLOCK_TOLERANCE)))
                .orElseGet(log::head);
        long begin = query.from()
                .map(time -> ranges.lastBefore(time.minus(CLOCK_TOLERANCE)))
                .orElse(0L);
        long position = Math.max(begin, query.after());
        long lastToRead = Math.min(end, position + MAX_EVENTS_READ);
        List<SignatureSummary> found = new ArrayList<>();
        int read = 0;
        while (position < lastToRead
                && found.size() < query.limit()
                && read < MAX_SIGNATURES_READ
                && System.nanoTime() < deadline) {
            long rangeEnd = Math.min(lastToRead, position + MAX_RANGE);
            List<StoredEvent> signings = ranges.signings(petition, position, rangeEnd, BATCH_SIZE);
            read += signings.size();
            position = signings.size() < BATCH_SIZE
                    ? rangeEnd
                    : signings.get(signings.size() - 1).index();
            position = addMatches(signings, query, found).orElse(position);
        }
        return new SearchPage(found, position < end ? OptionalLong.of(position) : OptionalLong.empty());
    }

    /** Adds what matches. Returns the index of the last addition if the page is full. */
    private OptionalLong addMatches(List<StoredEvent> signings, SignerQuery query, List<SignatureSummary> found) {
        List<StoredEvent> inTime = signings.stream()
                .filter(signing -> signing.authentic() && query.isSignedInTime(signing.at()))
                .toList();
        Map<UUID, List<StoredEvent>> events =
                events(inTime.stream().map(StoredEvent::stream).distinct().toList());
        for (StoredEvent signing : inTime) {
            List<StoredEvent> stream = events.getOrDefault(signing.stream(), List.of());
            // A person who signs again has the place of the first sign call.
            if (!stream.isEmpty() && stream.get(0).index() == signing.index()) {
                SignatureSummary signature = summary(stream);
                if (query.matches(signature)) {
                    found.add(signature);
                }
                if (found.size() == query.limit()) {
                    return OptionalLong.of(signing.index());
                }
            }
        }
        return OptionalLong.empty();
    }

    /** Returns the events of the signatures among these streams. A signature that nobody has signed has none. */
    private Map<UUID, List<StoredEvent>> events(Collection<UUID> streams) {
        Map<UUID, List<StoredEvent>> events = new HashMap<>();
        if (!streams.isEmpty()) {
            log.streams(streams).stream()
                    .filter(event -> event.signature().isPresent())
                    .forEach(event -> events.computeIfAbsent(event.stream(), stream -> new ArrayList<>())
                            .add(event));
        }
        return events;
    }

    private static SignatureSummary summary(List<StoredEvent> events) {
        return SignatureSummary.of(events.stream()
                .map(stored -> (SignatureEvent) stored.recorded().event())
                .toList());
    }
}
