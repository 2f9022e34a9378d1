package org.countersign.signature.domain;

/** The names of aggregate types in Axon. */
public final class AggregateTypes {

    /** A person's signature on a petition. */
    public static final String SIGNATURE = "Signature";

    /** A petition. */
    public static final String PETITION = "Petition";

    /** A recipient's subscription to milestone mails of a petition. */
    public static final String ALERT = "Alert";

    private AggregateTypes() {}
}
