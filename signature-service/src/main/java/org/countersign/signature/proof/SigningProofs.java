package org.countersign.signature.proof;

import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.jspecify.annotations.Nullable;

/** Checks the proofs of work of sign calls. */
public interface SigningProofs {

    /** No call has a proof. */
    SigningProofs NONE = new SigningProofs() {

        @Override
        public boolean use(PetitionSlug petition, @Nullable String solution, SignatureId signature) {
            return false;
        }

        @Override
        public void forgetUnproved(SignatureId signature) {
            // There are none.
        }
    };

    /**
     * Uses up the solution of a challenge.
     *
     * @param petition the petition that the call signs
     * @param solution Base64 of the JSON object; null or empty if the sender has none
     * @param signature what it is used for
     * @return false without a solution, or if the challenge has expired or was used for another signature
     * @throws org.countersign.signature.domain.InvalidFieldsException if it is no solution of a challenge of this
     *     petition
     * @throws org.springframework.dao.DataAccessException if the database cannot be written
     */
    boolean use(PetitionSlug petition, @Nullable String solution, SignatureId signature);

    /**
     * Deletes the earlier calls of a signature that are held for want of a proof. The signer has repeated the call with
     * one, and gets no second mail.
     */
    void forgetUnproved(SignatureId signature);
}
