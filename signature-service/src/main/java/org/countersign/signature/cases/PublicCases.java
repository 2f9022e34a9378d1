package org.countersign.signature.cases;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.countersign.events.PetitionSlug;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The public cases of all petitions, held in memory, so that a page needs no query. Changes are visible within half a
 * second on every instance.
 */
@Component
public class PublicCases {

    private static final Logger LOG = LoggerFactory.getLogger(PublicCases.class);

    private final CaseStore store;
    private volatile Map<PetitionSlug, List<PublicCase>> cases = Map.of();
    private volatile int active;

    PublicCases(CaseStore store, MeterRegistry meters) {
        this.store = store;
        Gauge.builder("countersign.cases.active", this, one -> one.active)
                .description("cases that invalidate or reinstate signatures")
                .register(meters);
    }

    /** Returns the cases of a petition that have removed a signature from the count, the oldest first. */
    public List<PublicCase> of(PetitionSlug petition) {
        return cases.getOrDefault(petition, List.of());
    }

    @Scheduled(fixedDelay = 500, timeUnit = TimeUnit.MILLISECONDS)
    void refresh() {
        try {
            active = store.active().size();
            cases = store.opened().stream()
                    .filter(one -> one.numbers().removed() > 0)
                    .collect(Collectors.groupingBy(
                            InvalidationCase::petition, Collectors.mapping(PublicCase::of, Collectors.toList())));
        } catch (DataAccessException e) {
            LOG.debug("Cannot refresh the cases: {}", e.getMessage());
        }
    }
}
