package org.countersign.faulttest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.countersign.faulttest.PublicLogObserver.PublicCaseEntries;
import org.countersign.faulttest.ReferenceModel.CaseEvents;
import org.countersign.faulttest.ReferenceModel.ExpectedSignature;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.JsonNode;

/**
 * A case that has ended took each signature of its group once and no other one, an undo brought each back once, and all
 * numbers agree: those of the case, of the public log, and of the petition's page.
 */
final class CaseInvariant implements GroupInvariant {

    private static final String VERIFIED = "verified";
    private static final int MAX_NAMED = 3;

    /**
     * A case as its organiser reads it.
     *
     * @param state the state of the case
     * @param json all its fields
     */
    record CaseReport(String state, JsonNode json) {

        long get(String name) {
            return json.path(name).asLong(-1);
        }
    }

    private final String id;
    private final SignerGroup group;
    private final boolean undone;
    private final OrganiserCalls organiser;

    /**
     * @param id the case
     * @param group the signers whose signatures it takes
     * @param undone whether the organiser undid it
     */
    CaseInvariant(String id, SignerGroup group, boolean undone, OrganiserCalls organiser) {
        this.id = id;
        this.group = group;
        this.undone = undone;
        this.organiser = organiser;
    }

    @Override
    public String petition() {
        return group.petition();
    }

    @Override
    public List<String> violations(Observed observed) {
        try {
            JsonNode numbers = organiser.readCase(id);
            return violations(
                    observed.model().signaturesOf(petition()),
                    new CaseReport(numbers.path("state").asString(), numbers),
                    observed.publicLog().entriesOf(id),
                    organiser.removedOnPage(petition()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("Stopped.");
        }
    }

    /**
     * Compares what was read.
     *
     * @param signatures the signatures of the petition by id
     * @param numbers the case as the organiser sees it
     * @param entries what the public log says about the case
     * @param page the number of removed signatures on the petition's page
     */
    List<String> violations(
            Map<String, ExpectedSignature> signatures,
            CaseReport numbers,
            PublicCaseEntries entries,
            OptionalLong page) {
        List<String> wrong = new ArrayList<>();
        List<String> violations = new ArrayList<>();
        long matching = 0;
        long removed = 0;
        for (Map.Entry<String, ExpectedSignature> one : signatures.entrySet()) {
            CaseEvents events = one.getValue().cases().getOrDefault(id, new CaseEvents());
            boolean matches = group.has(one.getValue());
            matching += matches ? 1 : 0;
            removed += events.was().contains(VERIFIED) ? 1 : 0;
            checkSignature(wrong, one.getKey(), matches ? 1 : 0, events);
        }
        wrong.stream().limit(MAX_NAMED).forEach(violations::add);
        if (wrong.size() > MAX_NAMED) {
            violations.add("and " + (wrong.size() - MAX_NAMED) + " more signatures of the case are wrong");
        }
        long restored = undone ? removed : 0;
        String end = undone ? "undone" : "done";
        if (!numbers.state().equals(end)) {
            violations.add("the case is " + numbers.state() + " instead of " + end);
        }
        check(violations, "signatures of the group", group.members().size(), matching);
        check(violations, "matched of the case", matching, numbers.get("matched"));
        check(violations, "invalidated of the case", matching, numbers.get("invalidated"));
        check(violations, "removed of the case", removed, numbers.get("removed"));
        check(violations, "reinstated of the case", undone ? matching : 0, numbers.get("reinstated"));
        check(violations, "restored of the case", restored, numbers.get("restored"));
        check(violations, "entries of the public log that open the case", 1, entries.opened());
        check(violations, "counted in the public log", removed, entries.counted());
        check(violations, "invalidations in the public log", removed, entries.removed());
        check(violations, "reinstatements in the public log", restored, entries.restored());
        check(violations, "removed on the petition's page", removed, page.orElse(0));
        return violations;
    }

    private void checkSignature(List<String> wrong, String signature, int expected, CaseEvents events) {
        check(
                wrong,
                "invalidations of signature " + signature,
                expected,
                events.was().size());
        check(
                wrong,
                "reinstatements of signature " + signature,
                undone ? expected : 0,
                events.becomes().size());
        if (undone && !events.was().equals(events.becomes())) {
            wrong.add("signature " + signature + " was " + events.was() + " before the case, and is " + events.becomes()
                    + " after the undo");
        }
    }

    private static void check(List<String> violations, String what, long expected, long found) {
        if (expected != found) {
            violations.add(what + ": expected " + expected + ", found " + found);
        }
    }
}
