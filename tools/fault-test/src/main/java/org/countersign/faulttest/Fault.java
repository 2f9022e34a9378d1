package org.countersign.faulttest;

/**
 * A fault that an experiment injects.
 *
 * @param name the name in the report
 * @param begin injects the fault
 * @param end removes the fault, unless the stack recovers without help
 * @param blocksSigning whether the fault makes signing impossible until its end
 */
record Fault(String name, FaultAction begin, FaultAction end, boolean blocksSigning) {

    Fault(String name, FaultAction begin, FaultAction end) {
        this(name, begin, end, false);
    }

    /** An operation on the stack. */
    interface FaultAction {

        void run() throws InterruptedException;
    }

    /** No operation, because the stack recovers without help. */
    static final FaultAction NOTHING = () -> {};
}
