package org.countersign.signature.cases;

import java.time.Instant;
import java.util.UUID;

/**
 * A case as everybody sees it.
 *
 * @param id the case
 * @param openedAt when its signatures were chosen
 * @param removed by how much the count is lower because of it; after an undo, by how much it was lower
 * @param state its state
 * @param reason the public reason
 */
public record PublicCase(UUID id, Instant openedAt, long removed, CaseState state, String reason) {

    static PublicCase of(InvalidationCase one) {
        boolean undone = one.state() == CaseState.UNDONE;
        return new PublicCase(
                one.id(),
                one.openedAt().orElseThrow(),
                one.numbers().removed() - (undone ? 0 : one.numbers().restored()),
                one.state(),
                one.publicReason());
    }

    /** Tells whether the signatures of the case were reinstated. */
    public boolean undone() {
        return state == CaseState.UNDONE;
    }
}
