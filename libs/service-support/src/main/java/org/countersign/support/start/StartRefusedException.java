package org.countersign.support.start;

/**
 * A service refuses to start because of its settings. Spring Boot prints the reason and the fix without a stack trace.
 */
public final class StartRefusedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final String fix;

    /**
     * Creates the exception.
     *
     * @param reason what is wrong
     * @param fix what the operator does about it
     */
    public StartRefusedException(String reason, String fix) {
        super(reason);
        this.fix = fix;
    }

    /** Returns what the operator does about it. */
    public String fix() {
        return fix;
    }
}
