package org.countersign.signature.people;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.countersign.events.Sealed;
import org.countersign.signature.personaldata.PersonalData;
import org.countersign.signature.personaldata.Vault;
import org.countersign.signature.personaldata.Vault.SealedWithSecret;

/**
 * Sealed data in one column: the secret, and the sealed data behind it. Rows of people are deleted or overwritten, so
 * the secret need not be stored apart.
 */
final class SealedColumn {

    /** The number of the master key, and the salt. */
    private static final int SECRET_BYTES = 33;

    private final Vault vault;

    SealedColumn(Vault vault) {
        this.vault = vault;
    }

    byte[] seal(UUID id, String name, String email) {
        return join(vault.seal(id, new PersonalData(name, email, Optional.empty(), Optional.empty())));
    }

    byte[] seal(UUID id, String name, String email, String language) {
        return join(vault.seal(id, new PersonalData(name, email, Optional.empty(), Optional.of(language))));
    }

    PersonalData open(UUID id, byte[] column) {
        return vault.open(id, sealed(column), secret(column));
    }

    byte[] sealBytes(UUID id, byte[] data) {
        return join(vault.sealBytes(id, data));
    }

    /** @throws IllegalStateException if the data was altered or belongs to another id */
    byte[] openBytes(UUID id, byte[] column) {
        if (column.length <= SECRET_BYTES) {
            throw new IllegalStateException("The sealed data is too short");
        }
        return vault.openBytes(id, sealed(column), secret(column));
    }

    private static byte[] join(SealedWithSecret both) {
        byte[] sealed = both.sealed().bytes();
        return ByteBuffer.allocate(SECRET_BYTES + sealed.length)
                .put(both.secret())
                .put(sealed)
                .array();
    }

    private static byte[] secret(byte[] column) {
        return Arrays.copyOf(column, SECRET_BYTES);
    }

    private static Sealed sealed(byte[] column) {
        return new Sealed(Arrays.copyOfRange(column, SECRET_BYTES, column.length));
    }
}
