package org.countersign.signature.signals;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.screening.AttackScreening;
import org.countersign.signature.signals.Anomaly.Kind;
import org.countersign.signature.signals.AttackStore.CurrentAnomaly;
import org.countersign.signature.signals.DayKeys.SignalKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The attacks that last, held in memory by each instance, so that a sign call needs no query. All instances read them
 * from the database twice a second.
 */
@Component
class AttackBook implements AttackScreening {

    private static final Logger LOG = LoggerFactory.getLogger(AttackBook.class);
    private static final String DOMAIN_RULE = "anomaly-domain";
    private static final String NETWORK_RULE = "anomaly-network";

    private final AttackStore store;
    private final DayKeys keys;
    private volatile Map<String, Set<Sign>> attacks = Map.of();

    AttackBook(AttackStore store, DayKeys keys, MeterRegistry meters) {
        this.store = store;
        this.keys = keys;
        Gauge.builder("countersign.petitions.under.attack", this, book -> book.attacks.size())
                .description("petitions whose sign calls look like an attack")
                .register(meters);
    }

    /** What the calls of an attack have in common. */
    private record Sign(Kind kind, LocalDate day, long key) {}

    @Override
    public Optional<String> heldBy(PetitionSlug petition, String domain, Optional<InetAddress> client) {
        Set<Sign> signs = attacks.get(petition.value());
        if (signs == null) {
            return Optional.empty();
        }
        List<SignalKey> known = keys.known();
        if (known.stream()
                .anyMatch(key -> signs.contains(new Sign(Kind.DOMAIN, key.day(), SignalHashes.domain(key, domain))))) {
            return Optional.of(DOMAIN_RULE);
        }
        return known.stream()
                        .anyMatch(key -> signs.contains(new Sign(
                                Kind.NETWORK,
                                key.day(),
                                SignalHashes.networks(key, client).wider())))
                ? Optional.of(NETWORK_RULE)
                : Optional.empty();
    }

    @Override
    public boolean isUnderAttack(PetitionSlug petition) {
        return attacks.containsKey(petition.value());
    }

    /** Reads the attacks from the database. */
    @Scheduled(fixedDelay = 500, timeUnit = TimeUnit.MILLISECONDS)
    void refresh() {
        try {
            Map<String, Set<Sign>> read = new HashMap<>();
            store.petitions().forEach(petition -> read.put(petition, new HashSet<>()));
            if (!read.isEmpty()) {
                // An instance that takes no sign calls has not read the keys of today.
                keys.refresh();
                for (CurrentAnomaly current : store.current()) {
                    Anomaly anomaly = current.anomaly();
                    read.computeIfAbsent(current.petition(), unknown -> new HashSet<>())
                            .add(new Sign(anomaly.kind(), anomaly.day(), anomaly.key()));
                }
            }
            attacks = Map.copyOf(read);
        } catch (DataAccessException e) {
            LOG.debug("Cannot read the attacks: {}", e.getMessage());
        }
    }
}
