package org.countersign.signature.api;

import jakarta.servlet.http.HttpServletRequest;
import org.countersign.events.SignatureId;
import org.countersign.signature.application.Erasure;
import org.countersign.signature.application.MyData;
import org.countersign.signature.domain.Rejection;
import org.countersign.support.access.AccessLog;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Access to personal data, and its erasure by the organiser.
 *
 * <p>Signers erase their own data with a token ({@link SignatureController}). The organiser does it on request.
 */
@RestController
@RequestMapping("/api/signatures")
class MyDataController {

    private final Erasure erasure;
    private final AccessLog log;

    MyDataController(Erasure erasure, AccessLog log) {
        this.erasure = erasure;
        this.log = log;
    }

    /** Returns all data stored about the signer whose mail contained the token. */
    @GetMapping("/mine")
    ResponseEntity<MyData> mine(@RequestParam(defaultValue = "") String token, HttpServletRequest request) {
        MyData data = erasure.myData(token);
        log.record("signer", "read own data", data.signatureId(), 1L, request.getRemoteAddr());
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(data);
    }

    /** Erases the personal data of a signature. */
    @PostMapping("/{id}/erase")
    SignatureJson erase(@PathVariable String id) {
        try {
            return SignatureJson.of(erasure.erase(SignatureId.parse(id)));
        } catch (IllegalArgumentException e) {
            throw new Rejection(Rejection.Reason.NO_SIGNATURE);
        }
    }
}
