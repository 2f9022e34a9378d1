package org.countersign.signature.personaldata;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.support.id.NameBasedUuid;
import org.countersign.support.keys.KeyRing;

/**
 * Makes the ids of signatures and alerts: a keyed hash of petition and canonical address. Without the key nobody can
 * link an id to a person or test addresses. The key never changes, because a person would get a second id.
 */
public final class PseudonymousIds {

    private static final byte[] SEPARATOR = {0};
    /** Slugs have no capitals, so no alert id equals a signature id. */
    private static final byte[] ALERT = "ALERT".getBytes(StandardCharsets.UTF_8);

    private final KeyRing keys;

    public PseudonymousIds(KeyRing keys) {
        this.keys = keys;
    }

    /** Returns the id of a person's signature on a petition. */
    public SignatureId of(PetitionSlug petition, EmailAddress address) {
        return new SignatureId(id(utf8(petition.value()), SEPARATOR, utf8(address.canonical())));
    }

    /** Returns the id of the alert for an address and a petition. */
    public UUID ofAlert(PetitionSlug petition, EmailAddress address) {
        return id(ALERT, SEPARATOR, utf8(petition.value()), SEPARATOR, utf8(address.canonical()));
    }

    private UUID id(byte[]... parts) {
        return NameBasedUuid.ofHash(keys.mac(parts));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
