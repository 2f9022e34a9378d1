package org.countersign.signature.api;

import jakarta.servlet.http.HttpServletRequest;
import org.countersign.signature.application.Consents;
import org.countersign.signature.domain.signature.SignatureView;
import org.countersign.support.access.AccessLog;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Withdraws consents of the signer whose mail contained the token. */
@RestController
@RequestMapping(path = "/api/signatures", consumes = MediaType.APPLICATION_JSON_VALUE)
class ConsentController {

    private final Consents consents;
    private final AccessLog log;

    ConsentController(Consents consents, AccessLog log) {
        this.consents = consents;
        this.log = log;
    }

    /** Withdraws the signature and erases the personal data in one step. */
    @PostMapping("/withdraw-consent")
    SignatureJson withdraw(@RequestBody SignatureController.TokenBody body, HttpServletRequest request) {
        SignatureView withdrawn = consents.withdraw(body.token());
        log.record("signer", "erase own data", withdrawn.id().toString(), 1L, request.getRemoteAddr());
        return SignatureJson.of(withdrawn);
    }

    /** Withdraws the consent to be contacted for other purposes. */
    @PostMapping("/withdraw-contact")
    SignatureJson withdrawContact(@RequestBody SignatureController.TokenBody body) {
        return SignatureJson.of(consents.withdrawContact(body.token()));
    }
}
