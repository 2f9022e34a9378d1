package org.countersign.signature.eventlog;

import java.util.UUID;
import org.countersign.events.PetitionSlug;
import org.countersign.support.id.NameBasedUuid;

/** How aggregates are called in Axon, and which stream of the log is theirs. */
public final class StreamIds {

    private static final String PETITION = "petition/";

    private StreamIds() {}

    /** The aggregate identifier of a petition. A signature's is its id. */
    public static String petition(PetitionSlug slug) {
        return PETITION + slug.value();
    }

    static UUID of(String aggregateIdentifier) {
        return aggregateIdentifier.startsWith(PETITION)
                ? NameBasedUuid.ofName(aggregateIdentifier)
                : UUID.fromString(aggregateIdentifier);
    }

    /** The stream of a petition's own events. */
    public static UUID stream(PetitionSlug slug) {
        return of(petition(slug));
    }
}
