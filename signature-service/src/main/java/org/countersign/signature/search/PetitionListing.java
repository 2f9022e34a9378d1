package org.countersign.signature.search;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.search.PetitionSearch.SearchMatches;
import org.springframework.stereotype.Component;

/**
 * Lists petitions from memory, page by page. Only a search for words asks the database. The orders are computed once a
 * second, and at once when a petition changes.
 */
@Component
public class PetitionListing {

    /** The number of petitions on a page. */
    public static final int PAGE_SIZE = 20;

    private static final long MAX_AGE_NANOS = Duration.ofSeconds(1).toNanos();

    private final Petitions petitions;
    private final PetitionSearch search;
    private final VerifiedCounts counts;
    private final Clock clock;
    private volatile SortedPetitions sorted = new SortedPetitions(-1, 0, List.of(), List.of(), List.of());

    PetitionListing(Petitions petitions, PetitionSearch search, VerifiedCounts counts, Clock clock) {
        this.petitions = petitions;
        this.search = search;
        this.counts = counts;
        this.clock = clock;
    }

    /**
     * A petition in a list.
     *
     * @param open whether it can be signed
     * @param verified the number of verified signatures, or empty if it is not known
     */
    public record ListedPetition(Petition petition, boolean open, OptionalLong verified) {}

    /**
     * A page of a list.
     *
     * @param petitions the petitions of the page; none if the list has fewer pages
     * @param total the number of petitions in the list
     * @param complete whether the list has all petitions that match
     * @param pages the number of pages, at least 1
     * @param counted whether numbers of signatures are known
     */
    public record ListPage(List<ListedPetition> petitions, int total, boolean complete, int pages, boolean counted) {}

    /**
     * All petitions in each order.
     *
     * @param position the position of the petitions that are sorted
     * @param sortedAt from {@link System#nanoTime()}
     */
    private record SortedPetitions(
            long position, long sortedAt, List<Petition> newest, List<Petition> signed, List<Petition> closing) {

        List<Petition> in(ListOrder order) {
            return switch (order) {
                case NEWEST -> newest;
                case SIGNED -> signed;
                case CLOSING -> closing;
            };
        }
    }

    /**
     * Returns a page of petitions.
     *
     * @param reader the language of the reader, for a search
     * @throws org.springframework.dao.DataAccessException if a search for words fails
     */
    public ListPage page(ListQuery query, Locale reader) {
        Instant now = clock.instant();
        Optional<SearchMatches> matches = query.words().map(words -> search.find(words, reader));
        List<Petition> all = ordered(query, matches).stream()
                .filter(petition -> query.topic()
                        .map(topic -> petition.topics().contains(topic.key()))
                        .orElse(true))
                .toList();
        long first = (query.page() - 1L) * PAGE_SIZE;
        return new ListPage(
                all.stream()
                        .skip(first)
                        .limit(PAGE_SIZE)
                        .map(petition -> new ListedPetition(petition, petition.isOpen(now), counts.of(petition.slug())))
                        .toList(),
                all.size(),
                matches.map(SearchMatches::complete).orElse(true),
                Math.max(1, (all.size() + PAGE_SIZE - 1) / PAGE_SIZE),
                counts.isKnown());
    }

    private List<Petition> ordered(ListQuery query, Optional<SearchMatches> matches) {
        if (matches.isPresent() && query.order().isEmpty()) {
            return matches.get().petitions().stream()
                    .flatMap(slug -> petitions.known(slug).stream())
                    .toList();
        }
        List<Petition> all = sorted().in(query.order().orElse(ListOrder.NEWEST));
        if (matches.isEmpty()) {
            return all;
        }
        Set<PetitionSlug> found = new HashSet<>(matches.get().petitions());
        return all.stream().filter(petition -> found.contains(petition.slug())).toList();
    }

    private SortedPetitions sorted() {
        return isCurrent(sorted) ? sorted : sort();
    }

    private boolean isCurrent(SortedPetitions known) {
        return known.position() == petitions.position() && System.nanoTime() - known.sortedAt() < MAX_AGE_NANOS;
    }

    private synchronized SortedPetitions sort() {
        if (isCurrent(sorted)) {
            return sorted;
        }
        // Read first, because a petition may change while they are sorted.
        long position = petitions.position();
        List<Petition> newest = petitions.all();
        Instant now = clock.instant();
        sorted = new SortedPetitions(
                position,
                System.nanoTime(),
                newest,
                mostSigned(newest),
                newest.stream()
                        .filter(petition -> petition.closesAt().isPresent() && petition.isOpen(now))
                        .sorted(Comparator.comparing(
                                petition -> petition.closesAt().orElseThrow()))
                        .toList());
        return sorted;
    }

    /** Sorts by numbers that are read once, since a sort fails if they change meanwhile. */
    private List<Petition> mostSigned(List<Petition> newest) {
        record Counted(Petition petition, long verified) {}
        return newest.stream()
                .map(petition ->
                        new Counted(petition, counts.of(petition.slug()).orElse(0)))
                .sorted(Comparator.comparingLong(Counted::verified).reversed())
                .map(Counted::petition)
                .toList();
    }
}
