package org.countersign.faulttest;

import java.util.List;
import org.countersign.localstack.client.UserException;

/** After a release, no call of the petition is held any more. {@link SignerGroup} checks events and mails. */
record ReleaseInvariant(SignerGroup group, OrganiserCalls organiser) implements GroupInvariant {

    @Override
    public String petition() {
        return group.petition();
    }

    @Override
    public List<String> violations(Observed observed) {
        try {
            long held = organiser.heldCalls(petition());
            return held == 0 ? List.of() : List.of(held + " calls of " + petition() + " are held after their release");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("Stopped.");
        }
    }
}
