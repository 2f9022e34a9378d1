package org.countersign.signature.api;

import jakarta.servlet.http.HttpServletRequest;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.application.SignatureForm;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Fast path of {@link SignatureController#sign}. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 30)
class SignFilter extends FastPathFilter<SignatureForm> {

    /** The path of sign requests, as metrics show it. */
    static final String URI_TEMPLATE = "/api/petitions/{petition}/signatures";

    private static final long serialVersionUID = 1L;
    private static final String PREFIX = "/api/petitions/";
    private static final String SUFFIX = "/signatures";

    private final transient SignatureController controller;

    SignFilter(SignatureController controller, Answering answering) {
        super(answering, SignatureForm.class);
        this.controller = controller;
    }

    @Override
    boolean isPath(String path) {
        return isSignPath(path);
    }

    /** Tells whether this is the path of sign requests, for any petition. */
    static boolean isSignPath(String path) {
        return path.startsWith(PREFIX)
                && path.endsWith(SUFFIX)
                && path.length() > PREFIX.length() + SUFFIX.length()
                && PetitionSlug.isSlug(petition(path));
    }

    private static String petition(String path) {
        return path.substring(PREFIX.length(), path.length() - SUFFIX.length());
    }

    @Override
    ResponseEntity<?> answer(SignatureForm form, HttpServletRequest request) {
        return controller.sign(petition(request.getRequestURI()), form, request);
    }
}
