package org.countersign.signature.cases;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.personaldata.PseudonymousIds;
import org.countersign.signature.signals.ReleasedCalls;
import org.countersign.signature.signals.ReleasedCalls.ReleasedRule;
import org.springframework.stereotype.Service;

/**
 * The cases of organisers: each invalidates the signatures of a petition that match criteria. {@link CaseTask} does the
 * work afterwards.
 */
@Service
public class Cases {

    private final Petitions petitions;
    private final PseudonymousIds ids;
    private final EventLog log;
    private final CaseMatcher matcher;
    private final SignCallCriteria calls;
    private final ReleasedCalls releases;
    private final CaseStore store;

    Cases(
            Petitions petitions,
            PseudonymousIds ids,
            EventLog log,
            CaseMatcher matcher,
            SignCallCriteria calls,
            ReleasedCalls releases,
            CaseStore store) {
        this.petitions = petitions;
        this.ids = ids;
        this.log = log;
        this.matcher = matcher;
        this.calls = calls;
        this.releases = releases;
        this.store = store;
    }

    /**
     * Counts what a case would take, and shows a sample. Nothing is stored.
     *
     * @param slug the petition as the caller gave it
     * @param form the criteria; reasons are not needed
     * @throws org.countersign.signature.domain.InvalidFieldsException if a criterion is invalid
     * @throws Rejection if there is no such petition
     */
    public CasePreview preview(String slug, CaseForm form) {
        PetitionSlug petition = petitions.get(slug).slug();
        CaseForm.ValidCriteria valid = form.validCriteria(petition, ids);
        calls.check(petition, valid.criteria());
        return matcher.preview(petition, valid.criteria(), calls.hashes(valid.networks()), log.head());
    }

    /** Returns the begin of the oldest day with signals, by which a case can choose signatures. */
    public Optional<Instant> signalsReachBackTo() {
        return calls.reachesBackTo();
    }

    /**
     * Returns the rules whose released calls a case can take.
     *
     * @param slug the petition as the caller gave it
     * @throws Rejection if there is no such petition
     */
    public List<ReleasedRule> releasedRules(String slug) {
        return releases.rules(petitions.get(slug).slug());
    }

    /**
     * Opens a case. The service chooses its signatures among those that were made before the call, and then invalidates
     * them.
     *
     * @param slug the petition as the caller gave it
     * @param form the criteria and reasons
     * @param actor the user who opens the case
     * @throws org.countersign.signature.domain.InvalidFieldsException if a field is invalid
     * @throws Rejection if there is no such petition
     */
    public InvalidationCase open(String slug, CaseForm form, String actor) {
        PetitionSlug petition = petitions.get(slug).slug();
        CaseForm.ValidCase valid = form.validate(petition, ids);
        calls.check(petition, valid.criteria().criteria());
        log.requireOpen();
        UUID id = UUID.randomUUID();
        store.insert(id, petition, valid, calls.hashes(valid.criteria().networks()), actor, log.head());
        return get(id);
    }

    /**
     * Returns a case and its progress.
     *
     * @throws Rejection if there is no such case
     */
    public InvalidationCase get(UUID id) {
        return store.find(id)
                .map(CaseStore.StoredCase::view)
                .orElseThrow(() -> new Rejection(Rejection.Reason.NO_CASE));
    }

    /**
     * Returns the cases of a petition, the newest first.
     *
     * @throws Rejection if there is no such petition
     */
    public List<InvalidationCase> of(String slug) {
        return store.of(petitions.get(slug).slug());
    }

    /**
     * Stops a case after its present batch. What it has invalidated stays invalid. Repeating the call changes nothing.
     *
     * @throws Rejection if there is no such case, or it has ended
     */
    public InvalidationCase cancel(UUID id) {
        if (!store.move(id, CaseState.CANCELLED, CaseState.OPEN, CaseState.RUNNING)
                && get(id).state() != CaseState.CANCELLED) {
            throw new Rejection(Rejection.Reason.CASE_HAS_ENDED);
        }
        return get(id);
    }

    /**
     * Reverses what a case has invalidated, unless a newer decision about a signature exists. Repeating the call
     * changes nothing.
     *
     * @throws Rejection if there is no such case, or it is running
     */
    public InvalidationCase undo(UUID id) {
        if (!store.move(id, CaseState.UNDOING, CaseState.CANCELLED, CaseState.DONE)
                && (get(id).state() == CaseState.OPEN || get(id).state() == CaseState.RUNNING)) {
            throw new Rejection(Rejection.Reason.CASE_IS_RUNNING);
        }
        return get(id);
    }
}
