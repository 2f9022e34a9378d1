package org.countersign.signature.api;

import org.countersign.signature.publiclog.Receipts;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Returns receipts to signers. A receipt proves that a signature is in the public log. */
@RestController
class ReceiptController {

    private final Receipts receipts;

    ReceiptController(Receipts receipts) {
        this.receipts = receipts;
    }

    @GetMapping("/api/signatures/receipt")
    ResponseEntity<Receipts.Receipt> receipt(@RequestParam(defaultValue = "") String token) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename("receipt.json")
                                .build()
                                .toString())
                .body(receipts.receipt(token));
    }
}
