package org.countersign.signature.people;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The outcome of a form that sets up a person. */
public sealed interface EnrolmentResult {

    /** The link was used, withdrawn, or is not valid any more. */
    record LinkGone() implements EnrolmentResult {}

    /**
     * Fields are wrong.
     *
     * @param wrong by field, the message key of what is wrong
     */
    record WrongFields(Map<String, String> wrong) implements EnrolmentResult {}

    /**
     * The person can sign in.
     *
     * @param person the person
     * @param recoveryCodes the recovery codes, which nobody can read again
     */
    record Done(UUID person, List<String> recoveryCodes) implements EnrolmentResult {}
}
