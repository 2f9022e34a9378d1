package org.countersign.events;

/** The Kafka topics. Their records are kept for ever: every projection can be rebuilt from them. */
public final class Topics {

    /** {@link PetitionEvent}s, keyed by petition. */
    public static final String PETITION_EVENTS = "petition-events";

    /** {@link SignatureEvent}s, keyed by signature, so that a hot petition spreads over all partitions. */
    public static final String SIGNATURE_EVENTS = "signature-events";

    /** {@link MilestoneReached}, keyed by petition. */
    public static final String MILESTONE_EVENTS = "milestone-events";

    private Topics() {}
}
