package org.countersign.signature.eventlog;

import java.util.UUID;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.domain.AggregateIds;
import org.countersign.support.id.NameBasedUuid;

/** Maps the identifiers of aggregates to streams of the log. */
public final class StreamIds {

    private StreamIds() {}

    static UUID of(String aggregateIdentifier) {
        return aggregateIdentifier.startsWith(AggregateIds.PETITION_PREFIX)
                ? NameBasedUuid.ofName(aggregateIdentifier)
                : UUID.fromString(aggregateIdentifier);
    }

    /** Returns the stream of a petition's own events. */
    public static UUID stream(PetitionSlug slug) {
        return of(AggregateIds.petition(slug));
    }
}
