package org.countersign.faulttest;

import java.util.ArrayList;
import java.util.List;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.JsonNode;

/**
 * After a change of rules, each sign call is either held or signed, and none is lost. Calls from before the change are
 * signed, and calls from after it are held.
 */
final class HeldInvariant implements GroupInvariant {

    private static final int MAX_NAMED = 3;

    private final SignerGroup during;
    private final SignerGroup after;
    private final long changedNanos;
    private final OrganiserCalls organiser;

    /**
     * @param during the signers who signed before and during the change
     * @param after the signers who signed when the change applied everywhere
     * @param changedNanos when the organiser sent the change, as a time of {@link System#nanoTime}
     */
    HeldInvariant(SignerGroup during, SignerGroup after, long changedNanos, OrganiserCalls organiser) {
        this.during = during;
        this.after = after;
        this.changedNanos = changedNanos;
        this.organiser = organiser;
    }

    @Override
    public String petition() {
        return during.petition();
    }

    @Override
    public List<String> violations(Observed observed) {
        long heldDuring = 0;
        long heldAfter = 0;
        try {
            for (JsonNode call : organiser.held(petition()).path("calls")) {
                String country = call.path("country").asString();
                heldDuring += country.equals(during.country()) ? 1 : 0;
                heldAfter += country.equals(after.country()) ? 1 : 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("Stopped.");
        }
        return violations(heldDuring, heldAfter);
    }

    /**
     * Compares the numbers.
     *
     * @param heldDuring the number of held calls of the first group
     * @param heldAfter the number of held calls of the second group
     */
    List<String> violations(long heldDuring, long heldAfter) {
        List<String> violations = new ArrayList<>();
        // A call that was repeated because it had no answer may be held twice, or signed and held.
        checkRange(
                violations,
                "held calls during the change",
                during.members().size() - during.mailed(),
                heldDuring,
                during.requests() - during.mailed());
        checkRange(violations, "held calls after the change", after.members().size(), heldAfter, after.requests());
        during.members().stream()
                .filter(member -> member.isAnsweredBefore(changedNanos) && member.mails() == 0)
                .limit(MAX_NAMED)
                .forEach(member -> violations.add(member.address() + " signed before the change and got no mail"));
        return violations;
    }

    private static void checkRange(List<String> violations, String what, long min, long found, long max) {
        if (found < min || found > max) {
            violations.add(what + ": expected " + min + (min == max ? "" : " to " + max) + ", found " + found);
        }
    }
}
