package org.countersign.faulttest;

/**
 * A fault that an experiment injects.
 *
 * @param name the name in the report
 * @param begin injects the fault
 * @param end removes the fault, unless the stack recovers without help
 * @param signing what happens to sign requests at the end of the fault
 * @param prepare what signers and organisers do before the load begins
 * @param after what they do when every part is ready again
 */
record Fault(
        String name,
        FaultAction begin,
        FaultAction end,
        SigningEffect signing,
        FaultAction prepare,
        FaultAction after) {

    Fault(String name, FaultAction begin, FaultAction end) {
        this(name, begin, end, SigningEffect.UNCERTAIN);
    }

    Fault(String name, FaultAction begin, FaultAction end, SigningEffect signing) {
        this(name, begin, end, signing, NOTHING, NOTHING);
    }

    /** What happens to sign requests while a fault lasts. */
    enum SigningEffect {
        /** Some succeed and some do not, or it depends on the moment. */
        UNCERTAIN,
        /** They succeed. */
        POSSIBLE,
        /** They get the answer 503, and pages can still be read. */
        UNAVAILABLE,
        /** They are impossible, and no instance of the signature service is ready. */
        NOT_READY
    }

    /** An operation on the stack. */
    interface FaultAction {

        void run() throws InterruptedException;
    }

    /** No operation, because the stack recovers without help. */
    static final FaultAction NOTHING = () -> {};
}
