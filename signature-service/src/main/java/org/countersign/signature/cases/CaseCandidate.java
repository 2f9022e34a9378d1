package org.countersign.signature.cases;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.countersign.signature.domain.signature.SignatureWithForm;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.signals.FormSignals;
import org.countersign.signature.signals.ReleasedCalls.ReleasedCall;

/** A signature that a case may take. The address is opened only if a criterion or a sample needs it. */
final class CaseCandidate {

    private final SignatureWithForm summary;
    private final Supplier<Optional<EmailAddress>> opener;
    private final Optional<FormSignals> signals;
    private final List<ReleasedCall> releases;

    /**
     * @param summary the signature after its latest event
     * @param opener opens the signer's address; empty if it was erased
     */
    CaseCandidate(SignatureWithForm summary, Supplier<Optional<EmailAddress>> opener) {
        this(summary, opener, Optional.empty(), List.of());
    }

    private CaseCandidate(
            SignatureWithForm summary,
            Supplier<Optional<EmailAddress>> opener,
            Optional<FormSignals> signals,
            List<ReleasedCall> releases) {
        this.summary = summary;
        this.opener = opener;
        this.signals = signals;
        this.releases = releases;
    }

    /**
     * Returns the candidate with what is known about its sign call.
     *
     * @param found the signals of the call that made its form; empty if they are gone or no criterion needs them
     * @param released its released calls of the rule that the criteria name
     */
    CaseCandidate with(Optional<FormSignals> found, List<ReleasedCall> released) {
        return new CaseCandidate(summary, opener, found, released);
    }

    UUID id() {
        return summary.id().value();
    }

    SignatureWithForm summary() {
        return summary;
    }

    boolean isFirstRound() {
        return summary.form().round() == 1;
    }

    /** Returns the signer's address, or empty if it was erased. */
    Optional<EmailAddress> address() {
        return opener.get();
    }

    /** Returns the signals of the call that made the form. */
    Optional<FormSignals> signals() {
        return signals;
    }

    /** Returns the released calls of the rule that the criteria name. */
    List<ReleasedCall> releases() {
        return releases;
    }

    /** Hides the personal data. */
    @Override
    public String toString() {
        return "CaseCandidate[" + summary.id() + "]";
    }
}
