package org.countersign.signature.api;

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
import org.countersign.signature.publiclog.LeafEncoder;
import org.countersign.signature.publiclog.TreeStore;
import org.countersign.signature.token.LinkPurpose;
import org.countersign.signature.token.LinkTokens;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.SignedNote;
import org.countersign.transparency.TreeReader;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Gives signers their receipts: what proves, to anybody and for ever, that their signature stood in the log when a head
 * was signed. It needs nothing but the log's key to be checked.
 */
@RestController
class ReceiptController {

    private final LinkTokens tokens;
    private final EventLog log;
    private final Vault vault;
    private final LeafEncoder leaves;
    private final TreeStore store;
    private final LogKey key;

    ReceiptController(LinkTokens tokens, EventLog log, Vault vault, LeafEncoder leaves, TreeStore store, LogKey key) {
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
     * @param key the log's
     * @param checkpoint the signed head that the proofs lead to
     */
    record Receipt(String key, String checkpoint, List<Entry> entries) {}

    /**
     * What happened to the signature once.
     *
     * @param entry as it stands in the log
     * @param proof that it is under the head, hashes in Base64
     * @param salt of its commitment, in hexadecimal
     * @param data what the commitment is to
     * @param opening what opens the sealed part of the data, in Base64; null if there is none or it was erased
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Entry(long index, String entry, List<String> proof, String salt, String data, String opening) {

        /** It may open personal data: not shown. */
        @Override
        public String toString() {
            return "Entry[" + index + "]";
        }
    }

    /** The receipt of whoever has the token from the mail, or from the page that thanks. */
    @GetMapping("/api/signatures/receipt")
    ResponseEntity<Receipt> receipt(@RequestParam(defaultValue = "") String token) {
        UUID stream = tokens.readAny(Set.of(LinkPurpose.RECEIPT, LinkPurpose.MY_DATA), token)
                .subject();
        SignedNote note = store.newest().orElseThrow(ReceiptController::notYet);
        TreeReader tree = new TreeReader(Checkpoint.parse(note.text()).size(), store::read);
        Map<Long, String> openings = log.sealedEvents(List.of(stream)).stream()
                .collect(Collectors.toMap(
                        entry -> entry.event().index(),
                        entry -> Base64.getEncoder().encodeToString(vault.opening(entry.secret()))));
        List<Entry> entries = new ArrayList<>();
        for (StoredEvent event : log.stream(stream, 0)) {
            if (event.index() <= tree.size()) {
                entries.add(entry(event, tree, openings.get(event.index())));
            }
        }
        if (entries.isEmpty()) {
            throw notYet();
        }
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename("receipt.json")
                                .build()
                                .toString())
                .body(new Receipt(key.toString(), note.toString(), entries));
    }

    private Entry entry(StoredEvent event, TreeReader tree, String opening) {
        List<String> proof = tree.inclusion(event.index() - 1).stream()
                .map(Base64.getEncoder()::encodeToString)
                .toList();
        return new Entry(
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
