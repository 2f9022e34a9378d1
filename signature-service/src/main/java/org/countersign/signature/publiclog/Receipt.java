package org.countersign.signature.publiclog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/**
 * A proof that a signature is in the public log. Whoever checks it needs nothing but the key of the log.
 *
 * @param key the public key of the log
 * @param checkpoint the signed head that the proofs lead to
 * @param petition the entry that publishes the petition, with the text that was signed
 * @param entries the entries of the signature
 */
public record Receipt(String key, String checkpoint, ReceiptEntry petition, List<ReceiptEntry> entries) {

    /**
     * An entry with its proof.
     *
     * @param index the position of the entry in the log, from 1
     * @param entry the entry
     * @param proof the hashes of the inclusion proof in Base64
     * @param commitment the event that the entry commits to, unless the receipt is for the public
     * @param signed the signing that the entry commits to, unless the receipt is for the public
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record ReceiptEntry(
            long index, String entry, List<String> proof, Optional<Revealed> commitment, Optional<Revealed> signed) {}

    /**
     * What a commitment was made of.
     *
     * @param salt the salt in hexadecimal
     * @param data the data of the event
     * @param opening the key that opens the sealed part of the data, in Base64; absent if there is none or it was
     *     erased
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Revealed(String salt, String data, Optional<String> opening) {

        /** Hides the key, which may open personal data. */
        @Override
        public String toString() {
            return "Revealed[…]";
        }
    }
}
