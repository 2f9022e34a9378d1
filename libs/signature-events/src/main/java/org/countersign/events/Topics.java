package org.countersign.events;

/** The Kafka topics. Their records never expire, because projections are rebuilt from them. */
public final class Topics {

    /** Carries {@link PetitionEvent}s, keyed by petition. */
    public static final String PETITION_EVENTS = "petition-events";

    /** Carries {@link SignatureEvent}s, keyed by signature, so that one petition spreads over all partitions. */
    public static final String SIGNATURE_EVENTS = "signature-events";

    /** Carries {@link MilestoneReached} events, keyed by petition. */
    public static final String MILESTONE_EVENTS = "milestone-events";

    private Topics() {}
}
