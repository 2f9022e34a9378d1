package org.countersign.signature.signer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.signature.log.Streams;

/**
 * Makes signature ids: a keyed hash of petition and canonical address. Without the key nobody can tell from an id whose
 * it is, nor try out addresses. The key can never change: a person would get a second id with it.
 */
public final class SignatureIds {

    private static final byte[] SEPARATOR = {0};

    private final Keys keys;

    public SignatureIds(Keys keys) {
        this.keys = keys;
    }

    /** The id of this person's signature on this petition. */
    public SignatureId of(PetitionSlug petition, EmailAddress address) {
        ByteBuffer mac = ByteBuffer.wrap(keys.mac(petition.value().getBytes(StandardCharsets.UTF_8), SEPARATOR,
                address.canonical().getBytes(StandardCharsets.UTF_8)));
        return new SignatureId(Streams.uuid(mac.getLong(), mac.getLong()));
    }
}
