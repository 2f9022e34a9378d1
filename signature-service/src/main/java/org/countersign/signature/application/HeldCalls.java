package org.countersign.signature.application;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.signature.HeldByRule;
import org.countersign.signature.domain.signature.HeldWindow;
import org.countersign.signature.eventlog.HeldSignings;
import org.countersign.signature.eventlog.HeldSignings.HeldSigning;
import org.countersign.signature.personaldata.MaskedAddress;
import org.countersign.signature.personaldata.PersonalData;
import org.countersign.signature.personaldata.Vault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/**
 * The held sign calls of petitions: shows them, releases them and dismisses them. A released call takes the way of a
 * repeated signing. A call that nobody decides about expires like a signature that nobody confirms.
 */
@Service
public class HeldCalls {

    private static final Logger LOG = LoggerFactory.getLogger(HeldCalls.class);
    private static final String BLOCKED = "block-";
    private static final long COUNT_INTERVAL_MILLIS = 10_000;

    private final HeldSignings held;
    private final Petitions petitions;
    private final Vault vault;
    private final Duration life;
    private volatile long waiting;

    HeldCalls(
            HeldSignings held,
            Petitions petitions,
            Vault vault,
            Signing.TokenLifetimes lifetimes,
            MeterRegistry meters) {
        this.held = held;
        this.petitions = petitions;
        this.vault = vault;
        this.life = lifetimes.verification();
        Gauge.builder("countersign.signings.waiting", this, calls -> calls.waiting)
                .description("held sign calls that wait for an organiser")
                .register(meters);
    }

    /**
     * A held call as organisers see it.
     *
     * @param id its id
     * @param at the time of the call
     * @param rule the rule that holds it
     * @param country the signer's country
     * @param address the signer's address, masked
     */
    public record HeldView(UUID id, Instant at, String rule, String country, String address) {}

    /**
     * The held calls of a petition.
     *
     * @param rules their numbers by rule
     * @param calls the newest of them
     */
    public record HeldOverview(List<HeldByRule> rules, List<HeldView> calls) {}

    /**
     * Returns the held calls of a petition.
     *
     * @param slug the slug as the caller gave it
     * @param limit the maximum number of calls in the list
     * @throws org.countersign.signature.domain.Rejection if there is no such petition
     */
    public HeldOverview of(String slug, HeldWindow window, int limit) {
        PetitionSlug petition = petitions.get(slug).slug();
        return new HeldOverview(
                held.byRule(petition, window),
                held.newest(petition, window, limit).stream().map(this::view).toList());
    }

    private HeldView view(HeldSigning call) {
        PersonalData person =
                vault.open(call.signed().signature().value(), call.signed().sealed(), call.secret());
        return new HeldView(
                call.id(),
                call.signed().at(),
                call.rule(),
                call.signed().country().value(),
                MaskedAddress.of(person.email()));
    }

    /**
     * Releases the calls of these ids. They get their mail, and count after the confirmation.
     *
     * @return the number of released calls
     */
    public long release(String slug, List<UUID> ids) {
        return held.release(petitions.get(slug).slug(), ids);
    }

    /**
     * Releases all calls of a rule and a window of time.
     *
     * @param window names the rule
     * @return the number of released calls
     * @throws InvalidFieldsException if the rule is missing or blocks: blocked calls are released by their ids only
     */
    public long release(String slug, HeldWindow window) {
        String rule = rule(window);
        if (rule.startsWith(BLOCKED)) {
            throw new InvalidFieldsException(
                    "rule", "must not be a block rule: blocked calls are released by \"ids\" only, one by one");
        }
        return held.release(petitions.get(slug).slug(), rule, window);
    }

    /** Deletes the calls of these ids with their personal data, and returns their number. */
    public long dismiss(String slug, List<UUID> ids) {
        return held.dismiss(petitions.get(slug).slug(), ids);
    }

    /**
     * Deletes all calls of a rule and a window of time with their personal data.
     *
     * @param window names the rule
     * @return the number of deleted calls
     * @throws InvalidFieldsException if the rule is missing
     */
    public long dismiss(String slug, HeldWindow window) {
        return held.dismiss(petitions.get(slug).slug(), rule(window), window);
    }

    private static String rule(HeldWindow window) {
        Optional<String> rule = window.rule();
        return rule.orElseThrow(() -> new InvalidFieldsException(
                "rule", "is missing: give the rule, such as limit-domain, or a list \"ids\""));
    }

    /** Deletes the calls that nobody decided about in time. */
    @Scheduled(fixedDelayString = "${countersign.expiry.every}")
    void expire() {
        try {
            long expired = held.expire(life);
            if (expired > 0) {
                LOG.info("{} held sign calls have expired", expired);
            }
        } catch (DataAccessException e) {
            LOG.warn("Cannot expire held sign calls; retrying on schedule: {}", e.getMessage());
        }
    }

    @Scheduled(fixedDelay = COUNT_INTERVAL_MILLIS)
    void count() {
        try {
            waiting = held.count();
        } catch (DataAccessException e) {
            LOG.debug("Cannot count held sign calls: {}", e.getMessage());
        }
    }
}
