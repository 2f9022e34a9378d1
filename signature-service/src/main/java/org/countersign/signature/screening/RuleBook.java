package org.countersign.signature.screening;

import jakarta.annotation.PostConstruct;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SigningRules;
import org.countersign.events.SigningRulesChanged;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.StoredEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The rules of all petitions, folded from the log and held in memory, so that a sign call needs no query. Changes by
 * another instance apply within half a second.
 */
@Component
public class RuleBook {

    private static final Logger LOG = LoggerFactory.getLogger(RuleBook.class);
    private static final int PAGE_SIZE = 500;

    private final EventLog log;
    private final Map<PetitionSlug, CompiledRules> rules = new ConcurrentHashMap<>();
    private long position;

    RuleBook(EventLog log) {
        this.log = log;
    }

    /** Returns the rules of a petition. */
    public SigningRules of(PetitionSlug petition) {
        return compiled(petition).rules();
    }

    CompiledRules compiled(PetitionSlug petition) {
        return rules.getOrDefault(petition, CompiledRules.DEFAULT);
    }

    /** Reads the new events: once before the first request, after each change by this instance, and on schedule. */
    @PostConstruct
    public synchronized void refresh() {
        List<StoredEvent> page;
        do {
            page = log.petitionEventsAfter(position, PAGE_SIZE);
            for (StoredEvent stored : page) {
                if (stored.recorded().event() instanceof SigningRulesChanged changed) {
                    apply(changed);
                }
                position = stored.index();
            }
        } while (page.size() == PAGE_SIZE);
    }

    private void apply(SigningRulesChanged changed) {
        try {
            rules.put(changed.petition(), CompiledRules.of(changed.rules()));
        } catch (IllegalArgumentException e) {
            // A later release may know other forms of networks.
            LOG.error("The signing rules of {} cannot be applied: {}", changed.petition(), e.getMessage());
        }
    }

    @Scheduled(fixedDelay = 500, timeUnit = TimeUnit.MILLISECONDS)
    void follow() {
        try {
            refresh();
        } catch (DataAccessException e) {
            LOG.debug("Cannot refresh the signing rules: {}", e.getMessage());
        }
    }
}
