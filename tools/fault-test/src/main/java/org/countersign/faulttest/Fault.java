package org.countersign.faulttest;

/**
 * Something that breaks.
 *
 * @param name what it is called in the table
 * @param begin breaks it
 * @param end makes it whole again, as far as it does not become so by itself
 * @param nobodyCanSign whether no signature can be stored until then
 */
record Fault(String name, Action begin, Action end, boolean nobodyCanSign) {

    Fault(String name, Action begin, Action end) {
        this(name, begin, end, false);
    }

    /** Something done to the stack. */
    interface Action {

        void run() throws InterruptedException;
    }

    /** Nothing: it becomes whole by itself. */
    static final Action NOTHING = () -> {};
}
