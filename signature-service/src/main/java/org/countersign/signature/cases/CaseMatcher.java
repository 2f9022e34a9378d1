package org.countersign.signature.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureStatus;
import org.countersign.signature.cases.CasePreview.SampledSignature;
import org.countersign.signature.cases.CasePreview.SignalReach;
import org.countersign.signature.cases.SignCallCriteria.PreparedCriteria;
import org.countersign.signature.domain.signature.SignatureWithForm;
import org.countersign.signature.eventlog.PetitionSignatures;
import org.countersign.signature.eventlog.PetitionSignatures.SignaturePage;
import org.countersign.signature.eventlog.SignatureStream;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.personaldata.Vault;
import org.countersign.signature.signals.NetworkHash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Finds the signatures that criteria take. It reads the signatures of the petition in the order of the log, and opens
 * addresses in memory. No table holds addresses or domains that could be searched instead.
 */
@Component
class CaseMatcher {

    private static final Logger LOG = LoggerFactory.getLogger(CaseMatcher.class);
    private static final int PAGE_SIZE = 1000;
    private static final int SAMPLE_SIZE = 20;

    private final PetitionSignatures signatures;
    private final Vault vault;
    private final SignCallCriteria calls;

    CaseMatcher(PetitionSignatures signatures, Vault vault, SignCallCriteria calls) {
        this.signatures = signatures;
        this.vault = vault;
        this.calls = calls;
    }

    /**
     * A page of matches.
     *
     * @param candidates the matches
     * @param unknown the number of signatures that no criterion rules out, and whose signals are gone
     * @param last the index up to which the log was searched
     * @param more whether there may be further pages
     */
    record MatchPage(List<CaseCandidate> candidates, long unknown, long last, boolean more) {}

    /**
     * Returns the matches among the next signatures.
     *
     * @param networks the hashes of the networks, if the criteria have networks
     * @param after the index after which the search continues, at first 0
     * @param upTo the index of the last event to search
     */
    MatchPage page(PetitionSlug petition, CaseCriteria criteria, Set<NetworkHash> networks, long after, long upTo) {
        SignaturePage page = criteria.ids()
                .map(ids -> new SignaturePage(signatures.read(petition, ids), upTo, false))
                .orElseGet(() -> signatures.page(petition, after, upTo, PAGE_SIZE));
        PreparedCriteria prepared = calls.prepare(petition, criteria, networks);
        List<CaseCriterion> cheap = Stream.concat(criteria.cheap().stream(), prepared.time().stream())
                .toList();
        List<CaseCandidate> candidates = page.streams().stream()
                .map(this::candidate)
                .filter(candidate -> allMatch(cheap.stream(), candidate))
                .toList();
        List<CaseCriterion> costly = Stream.concat(prepared.criteria().stream(), criteria.ofAddresses().stream())
                .toList();
        List<CaseCandidate> matches = new ArrayList<>();
        long unknown = 0;
        for (CaseCandidate candidate : calls.read(petition, criteria, prepared, candidates)) {
            if (allMatch(costly.stream(), candidate)) {
                matches.add(candidate);
            } else if (isUnknown(costly, candidate)) {
                unknown++;
            }
        }
        return new MatchPage(matches, unknown, page.last(), page.more());
    }

    private static boolean allMatch(Stream<CaseCriterion> criteria, CaseCandidate candidate) {
        return criteria.allMatch(one -> one.matches(candidate));
    }

    private static boolean isUnknown(List<CaseCriterion> criteria, CaseCandidate candidate) {
        return candidate.signals().isEmpty()
                && criteria.stream().anyMatch(CaseCriterion::needsSignals)
                && allMatch(criteria.stream().filter(one -> !one.needsSignals()), candidate);
    }

    /**
     * Counts all matches and takes a random sample of them.
     *
     * @param networks the hashes of the networks, if the criteria have networks
     * @param upTo the index of the last event to search
     */
    CasePreview preview(PetitionSlug petition, CaseCriteria criteria, Set<NetworkHash> networks, long upTo) {
        // The sample is of no consequence for security, and a repeated preview shows the same.
        SplittableRandom random = new SplittableRandom(1);
        List<SampledSignature> sample = new ArrayList<>();
        long matches = 0;
        long verified = 0;
        long unknown = 0;
        long after = 0;
        MatchPage page;
        do {
            page = page(petition, criteria, networks, after, upTo);
            unknown += page.unknown();
            for (CaseCandidate candidate : page.candidates()) {
                matches++;
                verified += candidate.summary().status() == SignatureStatus.VERIFIED ? 1 : 0;
                if (sample.size() < SAMPLE_SIZE) {
                    sample.add(sampled(candidate));
                } else {
                    long place = random.nextLong(matches);
                    if (place < SAMPLE_SIZE) {
                        sample.set((int) place, sampled(candidate));
                    }
                }
            }
            after = page.last();
        } while (page.more());
        Optional<SignalReach> reach =
                criteria.expire() ? Optional.of(new SignalReach(calls.reachesBackTo(), unknown)) : Optional.empty();
        return new CasePreview(matches, verified, matches - verified, sample, reach);
    }

    private CaseCandidate candidate(SignatureStream stream) {
        SignatureWithForm summary = SignatureWithForm.of(stream.history());
        return new CaseCandidate(summary, () -> address(stream, summary));
    }

    private Optional<EmailAddress> address(SignatureStream stream, SignatureWithForm summary) {
        return stream.form(summary.form().round()).flatMap(form -> {
            try {
                return Optional.of(
                        EmailAddress.parse(vault.open(stream.id(), form.signed().sealed(), form.secret())
                                .email()));
            } catch (IllegalStateException | IllegalArgumentException e) {
                LOG.warn("The address of the signature {} cannot be opened, so no domain matches it", stream.id());
                return Optional.empty();
            }
        });
    }

    private static SampledSignature sampled(CaseCandidate candidate) {
        SignatureWithForm summary = candidate.summary();
        return new SampledSignature(
                summary.id().value(),
                summary.status().text(),
                summary.form().at(),
                summary.form().country().value(),
                candidate.address().map(CaseMatcher::masked).orElse(""));
    }

    /** Leaves the first character before the @, and the domain, by which the organiser recognises an attack. */
    private static String masked(EmailAddress address) {
        String typed = address.typed();
        return typed.substring(0, typed.offsetByCodePoints(0, 1)) + "…" + typed.substring(typed.lastIndexOf('@'));
    }
}
