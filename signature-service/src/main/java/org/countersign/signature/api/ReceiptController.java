package org.countersign.signature.api;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalLong;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.publiclog.Receipts;
import org.countersign.transparency.LogProof;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Returns receipts to signers. A receipt proves that a signature is in the public log. */
@RestController
class ReceiptController {

    private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

    private final Receipts receipts;

    ReceiptController(Receipts receipts) {
        this.receipts = receipts;
    }

    /**
     * Returns a receipt, or the proof of one entry.
     *
     * @param token from the mail, or from the page after confirmation
     * @param reveal {@code no} for a receipt without personal data, which can be posted in public
     * @param format {@code json} for a receipt, {@code tlog-proof} for the proof of one entry (C2SP)
     * @param index the position of the entry to prove; by default the newest of the signature
     */
    @GetMapping("/api/signatures/receipt")
    ResponseEntity<?> receipt(
            @RequestParam(defaultValue = "") String token,
            @RequestParam(required = false) @Nullable String reveal,
            @RequestParam(required = false) @Nullable String format,
            @RequestParam(required = false) @Nullable Long index) {
        // A misspelt "no" must not disclose a name.
        Receipts.Reveal revealed =
                choice("reveal", reveal, "yes", "no") ? Receipts.Reveal.ALL : Receipts.Reveal.PUBLIC_ENTRIES;
        if (choice("format", format, "json", "tlog-proof")) {
            return file("receipt.json", MediaType.APPLICATION_JSON).body(receipts.receipt(token, revealed));
        }
        LogProof proof = receipts.proof(token, index == null ? OptionalLong.empty() : OptionalLong.of(index));
        return file("entry-%d.tlog-proof".formatted(proof.index() + 1), TEXT).body(proof.toString());
    }

    /** Tells whether the first of two values was chosen, which is the default. An empty value is a mistake. */
    private static boolean choice(String field, @Nullable String value, String first, String second) {
        String chosen = value == null ? first : value.toLowerCase(Locale.ROOT);
        if (!chosen.equals(first) && !chosen.equals(second)) {
            throw new InvalidFieldsException(field, "must be " + first + " or " + second);
        }
        return chosen.equals(first);
    }

    private static ResponseEntity.BodyBuilder file(String name, MediaType type) {
        return ResponseEntity.ok()
                .contentType(type)
                .cacheControl(CacheControl.noStore())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(name).build().toString());
    }
}
