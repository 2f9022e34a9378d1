package org.countersign.signature.domain;

/** The event log lacks events, probably after a restore. No command is taken until it is complete again. */
public class LogBehindException extends LogUnavailableException {

    private static final long serialVersionUID = 1L;

    /** Readiness tells the operator more. The public must not learn the length of the log. */
    private static final String MESSAGE =
            "The event log is incomplete or still being checked, probably after a restore. "
                    + "Nothing was recorded. Please try again later.";

    public LogBehindException() {
        super(MESSAGE, null);
    }
}
