package org.countersign.signature.api;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.countersign.signature.signers.PersonErasure.ErasedPerson;
import org.countersign.support.access.AccessLog;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The entries of the access log about searches for signers and erasures of persons. They never have an address. */
@Component
public class SignerAccessEntries {

    private final AccessLog log;

    SignerAccessEntries(AccessLog log) {
        this.log = log;
    }

    /**
     * Records the result of a search.
     *
     * @param petition the petition's slug; empty for all petitions
     * @param signatures the number of signatures in the answer
     */
    public void found(HttpServletRequest request, String petition, long signatures) {
        record(request, "found signatures", petition, signatures);
    }

    /** Records that a person will be erased. Without this entry nothing is erased. */
    public void erasing(HttpServletRequest request, String reason) {
        record(request, "erase person", reason, null);
    }

    /** Records what was erased, for each petition, and the number of signatures. */
    public void erased(HttpServletRequest request, ErasedPerson person) {
        person.signatures()
                .forEach(signature -> record(
                        request,
                        "erased signer",
                        signature.petition() + " " + signature.id(),
                        signature.now() ? 1L : 0L));
        person.alerts()
                .forEach(alert -> record(request, "erased alert recipient", alert.petition() + " " + alert.id(), 1L));
        record(request, "erased person", "", (long) person.signatures().size());
    }

    private void record(HttpServletRequest request, String action, String object, @Nullable Long rows) {
        String user = Objects.requireNonNull(request.getRemoteUser(), "not authenticated");
        log.record(user, action, object, rows, request.getRemoteAddr());
    }
}
