package org.countersign.signature.proof;

import java.util.UUID;

/**
 * The key that signs challenges.
 *
 * @param id names it in challenges
 */
record ProofKey(UUID id, byte[] secret) {

    /** Hides the key. */
    @Override
    public String toString() {
        return "ProofKey[" + id + "]";
    }
}
