package org.countersign.signature.api;

import org.countersign.events.SignatureId;
import org.countersign.signature.application.Erasure;
import org.countersign.signature.application.MyData;
import org.countersign.signature.domain.Rejection;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Access to one's data and its erasure by an organiser, on request; by oneself it is done with a token, as the other
 * things are.
 */
@RestController
@RequestMapping("/api/signatures")
class MyDataController {

    private final Erasure erasing;

    MyDataController(Erasure erasing) {
        this.erasing = erasing;
    }

    /** All that is held about whoever has the token from the mail. */
    @GetMapping("/mine")
    ResponseEntity<MyData> mine(@RequestParam(defaultValue = "") String token) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(erasing.myData(token));
    }

    @PostMapping("/{id}/erase")
    SignatureJson erase(@PathVariable String id) {
        try {
            return SignatureJson.of(erasing.erase(SignatureId.parse(id)));
        } catch (IllegalArgumentException e) {
            throw new Rejection(Rejection.Reason.NO_SIGNATURE);
        }
    }
}
