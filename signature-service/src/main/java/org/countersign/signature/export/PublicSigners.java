package org.countersign.signature.export;

import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.StoredEvent;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * The first and the newest signers of a petition who want to be named. The search reads a fixed number of
 * confirmations, so that its time does not grow with the petition. A signer who withdraws or is erased disappears
 * within a minute.
 */
@Component
public class PublicSigners {

    private static final int MAX_CONFIRMATIONS_READ = 100;
    private static final int MAX_FIRST = 5;
    private static final int MAX_LATEST = 10;
    private static final Duration REFRESH_INTERVAL = Duration.ofSeconds(5);
    private static final Duration STALE_TTL = Duration.ofMinutes(1);

    private final EventLog log;
    private final Handover handover;
    private final LoadingCache<PetitionSlug, NamedSigners> cache = Caffeine.newBuilder()
            .refreshAfterWrite(REFRESH_INTERVAL)
            .expireAfterWrite(STALE_TTL)
            .maximumSize(10_000)
            .build(new CacheLoader<>() {

                @Override
                public NamedSigners load(PetitionSlug petition) {
                    return read(petition, NamedSigners.NOBODY);
                }

                @Override
                public NamedSigners reload(PetitionSlug petition, NamedSigners previous) {
                    return read(petition, previous);
                }
            });

    PublicSigners(EventLog log, Handover handover) {
        this.log = log;
        this.handover = handover;
    }

    /**
     * A signer who wants to be named.
     *
     * @param name the signer's name
     * @param country the ISO 3166-1 code
     * @param on the day on which the signature was confirmed, in UTC
     */
    public record NamedSigner(String name, String country, LocalDate on) {

        /** Hides the personal data. */
        @Override
        public String toString() {
            return "NamedSigner[…]";
        }
    }

    /**
     * The first and the newest signers. No signer is in both lists.
     *
     * @param first in the order of confirmation
     * @param latest the newest first
     */
    public record NamedSigners(List<NamedSigner> first, List<NamedSigner> latest) {

        private static final NamedSigners NOBODY = new NamedSigners(List.of(), List.of());
    }

    /** Returns the named signers of a petition, or none while the event log is unreachable. */
    public NamedSigners of(PetitionSlug petition) {
        return cache.get(petition);
    }

    private NamedSigners read(PetitionSlug petition, NamedSigners fallback) {
        try {
            List<StoredEvent> first = log.firstConfirmations(petition, MAX_CONFIRMATIONS_READ);
            Set<Long> indexesOfFirst =
                    new HashSet<>(first.stream().map(StoredEvent::index).toList());
            List<StoredEvent> latest = log.latestConfirmations(petition, MAX_CONFIRMATIONS_READ).stream()
                    .filter(event -> !indexesOfFirst.contains(event.index()))
                    .toList();
            List<NamedSigner> amongFirst = named(first);
            List<NamedSigner> newest = new ArrayList<>(named(latest));
            if (amongFirst.size() > MAX_FIRST) {
                List<NamedSigner> others = new ArrayList<>(amongFirst.subList(MAX_FIRST, amongFirst.size()));
                Collections.reverse(others);
                newest.addAll(others);
            }
            return new NamedSigners(
                    amongFirst.stream().limit(MAX_FIRST).toList(),
                    newest.stream().limit(MAX_LATEST).toList());
        } catch (DataAccessException e) {
            return fallback;
        }
    }

    private List<NamedSigner> named(List<StoredEvent> confirmations) {
        return handover.signatures(confirmations).stream()
                .filter(signature -> signature.publicly() && !signature.name().isEmpty())
                .map(signature -> new NamedSigner(signature.name(), signature.country(), signature.verifiedOn()))
                .toList();
    }
}
