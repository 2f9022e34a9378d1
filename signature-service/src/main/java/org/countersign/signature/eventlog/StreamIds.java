package org.countersign.signature.eventlog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import org.countersign.events.PetitionSlug;

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
                ? hash(aggregateIdentifier)
                : UUID.fromString(aggregateIdentifier);
    }

    private static UUID hash(String text) {
        try {
            ByteBuffer digest =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
            return uuid(digest.getLong(), digest.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** 122 of the bits as a UUID of version 8, "custom" (RFC 9562, section 5.8). */
    public static UUID uuid(long high, long low) {
        return new UUID(high & 0xffff_ffff_ffff_0fffL | 0x8000L, low & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L);
    }

    /** The stream of a petition's own events. */
    public static UUID stream(PetitionSlug slug) {
        return of(petition(slug));
    }
}
