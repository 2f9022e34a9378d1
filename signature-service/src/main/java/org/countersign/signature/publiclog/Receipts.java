package org.countersign.signature.publiclog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.signature.personaldata.Vault;
import org.countersign.signature.token.LinkPurpose;
import org.countersign.signature.token.LinkTokens;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.SignedNote;
import org.countersign.transparency.TreeReader;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes receipts: proofs that a signature is in the public log. A receipt needs nothing but the log's key to check. */
@Component
public class Receipts {

    private final LinkTokens tokens;
    private final EventLog log;
    private final Vault vault;
    private final LeafEncoder leaves;
    private final TreeStore store;
    private final LogKey key;

    Receipts(LinkTokens tokens, EventLog log, Vault vault, LeafEncoder leaves, TreeStore store, LogKey key) {
        this.tokens = tokens;
        this.log = log;
        this.vault = vault;
        this.leaves = leaves;
        this.store = store;
        this.key = key;
    }

    /**
     * A receipt.
     *
     * @param key the public key of the log
     * @param checkpoint the signed head that the proofs lead to
     * @param entries the events of the signature
     */
    public record Receipt(String key, String checkpoint, List<ReceiptEntry> entries) {}

    /**
     * An event of the signature with its proof.
     *
     * @param index the index of the event
     * @param entry the entry of the public log
     * @param proof the hashes of the inclusion proof in Base64
     * @param salt the salt of the commitment in hexadecimal
     * @param data the data that the entry commits to
     * @param opening the key that opens the sealed part of the data, in Base64; null if there is none or it was erased
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record ReceiptEntry(
            long index,
            String entry,
            List<String> proof,
            String salt,
            String data,
            @Nullable String opening) {

        /** Hides the key, which may open personal data. */
        @Override
        public String toString() {
            return "ReceiptEntry[" + index + "]";
        }
    }

    /**
     * Makes the receipt of a signature.
     *
     * @param token from the mail, or from the page after confirmation
     * @throws Rejection if the token has expired, or the public log does not hold the signature yet
     */
    public Receipt receipt(String token) {
        UUID stream = tokens.readAny(Set.of(LinkPurpose.RECEIPT, LinkPurpose.MY_DATA), token)
                .subject();
        SignedNote note = store.newest().orElseThrow(Receipts::notYet);
        TreeReader tree = new TreeReader(Checkpoint.parse(note.text()).size(), store::read);
        Map<Long, String> openings = log.sealedEvents(List.of(stream)).stream()
                .collect(Collectors.toMap(
                        entry -> entry.event().index(),
                        entry -> Base64.getEncoder().encodeToString(vault.opening(entry.secret()))));
        List<ReceiptEntry> entries = new ArrayList<>();
        for (StoredEvent event : log.stream(stream, 0)) {
            if (event.index() <= tree.size()) {
                entries.add(entry(event, tree, openings.get(event.index())));
            }
        }
        if (entries.isEmpty()) {
            throw notYet();
        }
        return new Receipt(key.toString(), note.toString(), entries);
    }

    private ReceiptEntry entry(StoredEvent event, TreeReader tree, @Nullable String opening) {
        List<String> proof = tree.inclusion(event.index() - 1).stream()
                .map(Base64.getEncoder()::encodeToString)
                .toList();
        return new ReceiptEntry(
                event.index(),
                new String(leaves.of(event), StandardCharsets.UTF_8),
                proof,
                HexFormat.of().formatHex(leaves.salt(event.index())),
                event.json(),
                opening);
    }

    private static Rejection notYet() {
        return new Rejection(Rejection.Reason.NOT_LOGGED_YET);
    }
}
