package org.countersign.signature.personaldata;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.support.id.NameBasedUuid;

/**
 * Makes the ids of signatures and of alerts: a keyed hash of petition and canonical address. Without the key nobody can
 * tell from an id whose it is, nor try out addresses. The key can never change: a person would get a second id with it.
 */
public final class PseudonymousIds {

    private static final byte[] SEPARATOR = {0};
    /** No petition's name is of capitals: what is hashed for an alert is hashed for no signature. */
    private static final byte[] ALERT = "ALERT".getBytes(StandardCharsets.UTF_8);

    private final KeyRing keys;

    public PseudonymousIds(KeyRing keys) {
        this.keys = keys;
    }

    /** The id of this person's signature on this petition. */
    public SignatureId of(PetitionSlug petition, EmailAddress address) {
        return new SignatureId(id(utf8(petition.value()), SEPARATOR, utf8(address.canonical())));
    }

    /** The id of the alert of whoever has this address, for this petition. */
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
