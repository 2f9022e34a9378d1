package org.countersign.signature.cases;

import java.util.Optional;
import java.util.function.Supplier;
import org.countersign.signature.domain.signature.SignatureWithForm;
import org.countersign.signature.personaldata.EmailAddress;

/** A signature that a case may take. The address is opened only if a criterion or a sample needs it. */
final class CaseCandidate {

    private final SignatureWithForm summary;
    private final Supplier<Optional<EmailAddress>> opener;

    /**
     * @param summary the signature after its latest event
     * @param opener opens the signer's address; empty if it was erased
     */
    CaseCandidate(SignatureWithForm summary, Supplier<Optional<EmailAddress>> opener) {
        this.summary = summary;
        this.opener = opener;
    }

    SignatureWithForm summary() {
        return summary;
    }

    /** Returns the signer's address, or empty if it was erased. */
    Optional<EmailAddress> address() {
        return opener.get();
    }

    /** Hides the personal data. */
    @Override
    public String toString() {
        return "CaseCandidate[" + summary.id() + "]";
    }
}
