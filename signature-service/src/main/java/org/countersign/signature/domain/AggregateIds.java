package org.countersign.signature.domain;

import org.countersign.events.PetitionSlug;

/** The identifiers of aggregates in Axon. A signature's is its id, an alert's is its UUID. */
public final class AggregateIds {

    /** Begins the identifiers of petitions. */
    public static final String PETITION_PREFIX = "petition/";

    private AggregateIds() {}

    /** Returns the identifier of a petition. */
    public static String petition(PetitionSlug slug) {
        return PETITION_PREFIX + slug.value();
    }
}
