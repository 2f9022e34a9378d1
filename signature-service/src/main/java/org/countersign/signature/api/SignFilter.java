package org.countersign.signature.api;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.api.problem.ApiExceptionHandler;
import org.countersign.signature.application.SignatureForm;
import org.countersign.support.access.OriginCheck;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fast path of {@link SignatureController#sign}: answers sign requests before Spring Security and the dispatcher.
 *
 * <p>A petition receives hundreds of thousands of sign requests. They need no authentication, and Spring Security and
 * the dispatcher together take longer than the signing (docs/performance.md). Both paths build the response in the same
 * methods: {@link SignatureController#sign} for success, {@link ApiExceptionHandler#response} for errors, and the
 * {@link HeaderWriter} of the API for security headers. Any other request, such as one of another content type or from
 * another site, continues down the filter chain.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 30)
class SignFilter extends HttpFilter {

    /** The path of sign requests, as metrics show it. */
    static final String URI_TEMPLATE = "/api/petitions/{petition}/signatures";

    private static final long serialVersionUID = 1L;
    private static final String PREFIX = "/api/petitions/";
    private static final String SUFFIX = "/signatures";
    /** Other spellings and character sets are left to the controller. */
    private static final Set<String> JSON_TYPES =
            Set.of("application/json", "application/json;charset=utf-8", "application/json; charset=utf-8");

    private final transient SignatureController controller;
    private final transient ApiExceptionHandler problems;
    private final transient HeaderWriter securityHeaders;
    private final transient OriginCheck origins;
    private final transient JsonMapper mapper;
    private final transient ObjectReader forms;

    SignFilter(
            SignatureController controller,
            ApiExceptionHandler problems,
            HeaderWriter apiSecurityHeaders,
            OriginCheck origins,
            JsonMapper mapper) {
        this.controller = controller;
        this.problems = problems;
        this.securityHeaders = apiSecurityHeaders;
        this.origins = origins;
        this.mapper = mapper;
        this.forms = mapper.readerFor(SignatureForm.class);
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = request.getRequestURI();
        if (!isSignRequest(path, request)) {
            chain.doFilter(request, response);
            return;
        }
        String petition = path.substring(PREFIX.length(), path.length() - SUFFIX.length());
        securityHeaders.writeHeaders(request, response);
        write(sign(petition, request), response);
    }

    private boolean isSignRequest(String path, HttpServletRequest request) {
        String type = request.getContentType();
        return isSignPath(path)
                && request.getMethod().equals("POST")
                && type != null
                && JSON_TYPES.contains(type.toLowerCase(Locale.ROOT))
                && !origins.isForeign(request);
    }

    /** Tells whether this is the path of sign requests, for any petition. */
    static boolean isSignPath(String path) {
        return path.startsWith(PREFIX)
                && path.endsWith(SUFFIX)
                && path.length() > PREFIX.length() + SUFFIX.length()
                && PetitionSlug.isSlug(path.substring(PREFIX.length(), path.length() - SUFFIX.length()));
    }

    private ResponseEntity<?> sign(String petition, HttpServletRequest request) {
        try {
            SignatureForm form = forms.readValue(request.getInputStream());
            if (form == null) {
                throw new IOException("The body is null");
            }
            return controller.sign(petition, form, request);
        } catch (IOException | RuntimeException e) {
            return problems.response(e, request);
        }
    }

    private void write(ResponseEntity<?> entity, HttpServletResponse response) throws IOException {
        response.setStatus(entity.getStatusCode().value());
        entity.getHeaders().forEach((name, values) -> response.setHeader(name, values.get(0)));
        byte[] body = entity.getBody() instanceof byte[] bytes ? bytes : mapper.writeValueAsBytes(entity.getBody());
        response.getOutputStream().write(body);
    }
}
