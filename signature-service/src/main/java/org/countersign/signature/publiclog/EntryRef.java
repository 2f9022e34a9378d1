package org.countersign.signature.publiclog;

/**
 * The event behind an entry of the public log. The index of the event log is internal: no entry shows it.
 *
 * @param event the global index of the event
 * @param milestone the milestone that the event reached, or 0 for the entry of the event itself
 */
record EntryRef(long event, long milestone) {

    /** Returns the entry of an event. */
    static EntryRef ofEvent(long event) {
        return new EntryRef(event, 0);
    }

    /** Tells whether the entry is a milestone. */
    boolean isMilestone() {
        return milestone > 0;
    }
}
