package org.countersign.faulttest;

import java.util.List;

/** What must be true of a petition after its organiser changed rules, released calls, or opened a case. */
interface GroupInvariant {

    /** The state that the fault kit has read through the API, Kafka and the public log. */
    record Observed(ReferenceModel model, PublicLogObserver publicLog) {}

    /** Returns the petition. */
    String petition();

    /** Returns the violations, which may still be temporary. */
    List<String> violations(Observed observed);
}
