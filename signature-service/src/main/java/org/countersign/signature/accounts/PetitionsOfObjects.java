package org.countersign.signature.accounts;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureId;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.cases.Cases;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.eventlog.EventLog;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Finds the petition of a signature or case. It never changes, so that it can be cached. Only what the caller sees is
 * cached: what is of others takes as long as what does not exist.
 */
@Component
public class PetitionsOfObjects {

    private static final int MAX_CACHED = 10_000;

    private final Petitions petitions;
    private final Cases cases;
    private final EventLog log;
    private final Cache<UUID, PetitionSlug> seen =
            Caffeine.newBuilder().maximumSize(MAX_CACHED).build();

    PetitionsOfObjects(Petitions petitions, Cases cases, EventLog log) {
        this.petitions = petitions;
        this.cases = cases;
        this.log = log;
    }

    /**
     * Returns a petition if the caller sees it.
     *
     * @param slug the slug as the caller gave it
     */
    public Optional<Petition> ofSlug(@Nullable String slug, Predicate<Petition> visible) {
        if (slug == null || !PetitionSlug.isSlug(slug)) {
            return Optional.empty();
        }
        Optional<Petition> known = petitions.known(new PetitionSlug(slug));
        if (known.filter(visible).isPresent()) {
            return known;
        }
        // A petition that does not exist is looked for in the log. One of others takes as long.
        if (known.isPresent()) {
            petitions.refresh();
        }
        return petitions.find(new PetitionSlug(slug)).filter(visible);
    }

    /**
     * Returns a petition that this instance knows if the caller sees it. Never reads the log.
     *
     * @param slug the slug, or another text
     */
    public Optional<Petition> ofKnownSlug(String slug, Predicate<Petition> visible) {
        return PetitionSlug.isSlug(slug)
                ? petitions.known(new PetitionSlug(slug)).filter(visible)
                : Optional.empty();
    }

    /**
     * Returns the petition of a signature if the caller sees it.
     *
     * @param id the id as the caller gave it
     */
    public Optional<Petition> ofSignature(String id, Predicate<Petition> visible) {
        SignatureId signature;
        try {
            signature = SignatureId.parse(id);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return cached(signature.value(), visible, () -> ofSignature(signature));
    }

    private Optional<PetitionSlug> ofSignature(SignatureId signature) {
        return log.stream(signature.value(), 0).stream()
                .filter(event -> event.signature().isPresent())
                .map(event -> ((SignatureEvent) event.recorded().event()).petition())
                .findFirst();
    }

    /**
     * Returns the petition of a case if the caller sees it.
     *
     * @param id the id as the caller gave it
     */
    public Optional<Petition> ofCase(String id, Predicate<Petition> visible) {
        UUID one;
        try {
            one = UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return cached(one, visible, () -> ofCase(one));
    }

    private Optional<PetitionSlug> ofCase(UUID id) {
        try {
            return Optional.of(cases.get(id).petition());
        } catch (Rejection e) {
            return Optional.empty();
        }
    }

    private Optional<Petition> cached(UUID id, Predicate<Petition> visible, Lookup lookup) {
        PetitionSlug cached = seen.getIfPresent(id);
        Optional<PetitionSlug> slug = cached == null ? lookup.find() : Optional.of(cached);
        Optional<Petition> found = slug.flatMap(petitions::find).filter(visible);
        found.ifPresent(petition -> seen.put(id, petition.slug()));
        return found;
    }

    private interface Lookup {
        Optional<PetitionSlug> find();
    }
}
