package org.countersign.signature.cases;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.signals.AttackReports;
import org.countersign.signature.signals.AttackSigns;
import org.countersign.signature.signals.FormSignals;
import org.countersign.signature.signals.NetworkHash;
import org.countersign.signature.signals.ReleasedCalls;
import org.countersign.signature.signals.ReleasedCalls.ReleasedCall;
import org.countersign.signature.signals.SignalNetwork;
import org.countersign.signature.signals.SignalSearch;
import org.countersign.signature.signals.SignalSearch.SignedForm;
import org.springframework.stereotype.Component;

/**
 * The criteria about sign calls: networks, form times, attacks and rules. What they need is kept for some days only, so
 * that they take no older signature.
 */
@Component
class SignCallCriteria {

    private final SignalSearch signals;
    private final ReleasedCalls releases;
    private final AttackReports attacks;

    SignCallCriteria(SignalSearch signals, ReleasedCalls releases, AttackReports attacks) {
        this.signals = signals;
        this.releases = releases;
        this.attacks = attacks;
    }

    /**
     * The criteria about sign calls for one page of signatures.
     *
     * @param time the time of an attack; checked before signals are read
     * @param criteria those that need what {@link #read} adds to the candidates
     */
    record PreparedCriteria(Optional<CaseCriterion> time, List<CaseCriterion> criteria) {}

    /**
     * Checks that there is what the criteria name.
     *
     * @throws InvalidFieldsException if the petition has no such attack, or no released call of the rule
     */
    void check(PetitionSlug petition, CaseCriteria criteria) {
        criteria.attack()
                .filter(since -> attacks.signs(petition, since).isEmpty())
                .ifPresent(unknown -> {
                    throw new InvalidFieldsException(
                            "criteria.attack",
                            "is no attack on this petition, or its signals have expired. Use the field since of a known"
                                    + " attack");
                });
        criteria.rule()
                .filter(rule -> releases.rules(petition).stream()
                        .noneMatch(known -> known.rule().equals(rule)))
                .ifPresent(unknown -> {
                    throw new InvalidFieldsException(
                            "criteria.rule",
                            "has no released calls, or their signals have expired. Use a rule whose calls were"
                                    + " released, such as limit-domain");
                });
    }

    /** Returns the hashes of networks under the keys of all days that are left. */
    Set<NetworkHash> hashes(List<SignalNetwork> networks) {
        return signals.hashes(networks);
    }

    /** Returns the begin of the oldest day with signals. */
    Optional<Instant> reachesBackTo() {
        return signals.reachesBackTo();
    }

    /**
     * Prepares the criteria. An attack that was forgotten in the meantime takes nothing.
     *
     * @param networks the hashes of the networks, if the criteria have networks
     */
    PreparedCriteria prepare(PetitionSlug petition, CaseCriteria criteria, Set<NetworkHash> networks) {
        List<CaseCriterion> prepared = new ArrayList<>();
        criteria.formSeconds()
                .ifPresent(seconds -> prepared.add(new SignalCriterion(found -> found.isFasterThan(seconds))));
        if (criteria.networkCount().isPresent()) {
            prepared.add(new SignalCriterion(found -> found.isFrom(networks)));
        }
        if (criteria.rule().isPresent()) {
            prepared.add(ReleaseCriterion.RELEASED);
        }
        if (criteria.attack().isEmpty()) {
            return new PreparedCriteria(Optional.empty(), prepared);
        }
        Optional<AttackSigns> signs = attacks.signs(petition, criteria.attack().get());
        signs.ifPresent(known -> prepared.add(new AttackCriterion(known)));
        CaseCriterion time = candidate -> signs.filter(
                        known -> known.isDuring(candidate.summary().form().at()))
                .isPresent();
        return new PreparedCriteria(Optional.of(time), prepared);
    }

    /** Reads what the prepared criteria need to know about the sign calls of signatures. */
    List<CaseCandidate> read(
            PetitionSlug petition, CaseCriteria criteria, PreparedCriteria prepared, List<CaseCandidate> candidates) {
        if (prepared.criteria().isEmpty() || candidates.isEmpty()) {
            return candidates;
        }
        Map<UUID, FormSignals> found = prepared.criteria().stream().anyMatch(CaseCriterion::needsSignals)
                ? signals.of(
                        petition,
                        candidates.stream()
                                .map(candidate -> new SignedForm(
                                        candidate.id(),
                                        candidate.summary().form().at(),
                                        candidate.isFirstRound()))
                                .toList())
                : Map.of();
        Map<UUID, List<ReleasedCall>> released = criteria.rule()
                .map(rule -> releases.of(
                        petition,
                        rule,
                        candidates.stream().map(CaseCandidate::id).toList()))
                .orElse(Map.of());
        return candidates.stream()
                .map(candidate -> candidate.with(
                        Optional.ofNullable(found.get(candidate.id())),
                        released.getOrDefault(candidate.id(), List.of())))
                .toList();
    }
}
