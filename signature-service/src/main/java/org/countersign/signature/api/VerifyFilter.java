package org.countersign.signature.api;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Fast path of {@link SignatureController#verify}. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 30)
class VerifyFilter extends FastPathFilter<SignatureController.TokenBody> {

    /** The path of confirmations. */
    static final String PATH = "/api/signatures/verify";

    private static final long serialVersionUID = 1L;

    private final transient SignatureController controller;

    VerifyFilter(SignatureController controller, Answering answering) {
        super(answering, SignatureController.TokenBody.class);
        this.controller = controller;
    }

    @Override
    boolean isPath(String path) {
        return path.equals(PATH);
    }

    @Override
    ResponseEntity<?> answer(SignatureController.TokenBody body, HttpServletRequest request) {
        return controller.verify(body);
    }
}
