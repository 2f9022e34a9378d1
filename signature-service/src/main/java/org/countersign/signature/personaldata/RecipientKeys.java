package org.countersign.signature.personaldata;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.countersign.support.id.NameBasedUuid;
import org.countersign.support.keys.KeyRing;

/**
 * Makes the keys of recipients: keyed hashes of canonical addresses and of domains, the same for all petitions. The key
 * of the hash is derived from that of {@link PseudonymousIds} for this purpose alone, so that nobody can link a
 * recipient to a signature. It never changes, because a suppressed recipient would get mails again.
 */
public final class RecipientKeys {

    private static final byte[] DERIVATION = utf8("countersign/recipient-key/1");
    private static final byte[] SEPARATOR = {0};
    private static final byte[] ADDRESS = utf8("address");
    private static final byte[] PERSON = utf8("person");
    private static final byte[] NOBODY = utf8("nobody");
    private static final byte[] DOMAIN = utf8("domain");

    private final KeyRing keys;

    /** @param master the key ring of pseudonymous ids, from which the key of recipients is derived */
    public RecipientKeys(KeyRing master) {
        this.keys = KeyRing.parse(
                "The derived key of recipients", "1:" + Base64.getEncoder().encodeToString(master.mac(DERIVATION)));
    }

    /** Returns the key of an address. All spellings of one mailbox have the same. */
    public UUID of(EmailAddress address) {
        return NameBasedUuid.ofHash(keys.mac(ADDRESS, SEPARATOR, utf8(address.canonical())));
    }

    /** Returns the keyed hash that finds the person with an address. It cannot be linked to the key of a recipient. */
    public byte[] ofPerson(EmailAddress address) {
        return keys.mac(PERSON, SEPARATOR, utf8(address.canonical()));
    }

    /** Returns a keyed hash of a text that is no address, so that it is the hash of no person. */
    public byte[] ofNobody(String text) {
        return keys.mac(NOBODY, SEPARATOR, utf8(text));
    }

    /** Returns the key of the domain of an address. */
    public UUID ofDomain(EmailAddress address) {
        return NameBasedUuid.ofHash(keys.mac(DOMAIN, SEPARATOR, utf8(address.domain())));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
