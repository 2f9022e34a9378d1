package org.countersign.signature.api;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.signature.application.Erasure;
import org.countersign.signature.application.SignatureForm;
import org.countersign.signature.application.Signing;
import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.signature.SignatureView;
import org.countersign.signature.screening.AttackScreening;
import org.countersign.support.access.AccessLog;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Signing, and what follows: confirming, withdrawing, erasing, and a moderator's decisions.
 *
 * <p>{@link SignFilter} is the fast path of {@link #sign}, and {@link VerifyFilter} that of {@link #verify}.
 */
@RestController
@RequestMapping(path = "/api", consumes = MediaType.APPLICATION_JSON_VALUE)
class SignatureController {

    private static final ResponseEntity<Map<String, String>> ACCEPTED = ResponseEntity.accepted()
            .contentType(MediaType.APPLICATION_JSON)
            .contentLength("{\"status\":\"pending\"}".length())
            .body(Map.of("status", "pending"));

    /** The petition is under attack, and the mail may come sooner if the call is repeated with a proof of work. */
    private static final ResponseEntity<Map<String, String>> UNPROVED = ResponseEntity.accepted()
            .headers(ACCEPTED.getHeaders())
            .header("Proof-Of-Work", "missing")
            .body(ACCEPTED.getBody());

    private final Signing signing;
    private final AttackScreening attacks;
    private final Erasure erasure;
    private final AccessLog log;

    SignatureController(Signing signing, AttackScreening attacks, Erasure erasure, AccessLog log) {
        this.signing = signing;
        this.attacks = attacks;
        this.erasure = erasure;
        this.log = log;
    }

    record TokenBody(String token) {}

    record ReasonBody(String reason) {

        String valid() {
            FieldErrors errors = new FieldErrors();
            String valid = errors.parse("reason", () -> Signing.reason(reason));
            errors.throwIfAny();
            return valid;
        }
    }

    /** Slow path of {@link SignFilter}, which calls this method and answers nearly all sign requests. */
    @PostMapping("/petitions/{petition}/signatures")
    ResponseEntity<Map<String, String>> sign(
            @PathVariable String petition, @RequestBody SignatureForm form, HttpServletRequest request) {
        signing.sign(petition, withLanguageOf(request, form), request.getRemoteAddr());
        return !form.hasProof() && attacks.isUnderAttack(new PetitionSlug(petition)) ? UNPROVED : ACCEPTED;
    }

    /** Completes a form without a language by the language that the request prefers. */
    private static SignatureForm withLanguageOf(HttpServletRequest request, SignatureForm form) {
        // Without the header, the locale of the request is that of the machine.
        return form.language() == null && request.getHeader(HttpHeaders.ACCEPT_LANGUAGE) != null
                ? form.withDefaultLanguage(request.getLocale())
                : form;
    }

    /** Slow path of {@link VerifyFilter}, which calls this method and answers nearly all confirmations. */
    @PostMapping("/signatures/verify")
    ResponseEntity<SignatureJson> verify(@RequestBody TokenBody body) {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(SignatureJson.of(signing.verify(body.token())));
    }

    @PostMapping("/signatures/withdraw")
    SignatureJson withdraw(@RequestBody TokenBody body) {
        return SignatureJson.of(signing.withdraw(body.token()));
    }

    @PostMapping("/signatures/erase")
    SignatureJson erase(@RequestBody TokenBody body, HttpServletRequest request) {
        SignatureView erased = erasure.erase(body.token());
        log.record("signer", "erase own data", erased.id().toString(), 1L, request.getRemoteAddr());
        return SignatureJson.of(erased);
    }

    @PostMapping("/signatures/{id}/invalidate")
    SignatureJson invalidate(@PathVariable String id, @RequestBody ReasonBody body) {
        return SignatureJson.of(signing.invalidate(signature(id), body.valid()));
    }

    @PostMapping("/signatures/{id}/reinstate")
    SignatureJson reinstate(@PathVariable String id, @RequestBody ReasonBody body) {
        return SignatureJson.of(signing.reinstate(signature(id), body.valid()));
    }

    private static SignatureId signature(String id) {
        try {
            return SignatureId.parse(id);
        } catch (IllegalArgumentException e) {
            throw new Rejection(Rejection.Reason.NO_SIGNATURE);
        }
    }
}
