package org.countersign.signature.api;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.countersign.signature.api.problem.ApiExceptionHandler;
import org.countersign.signature.application.SignatureForm;
import org.countersign.signature.application.Signing;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * The short way for the one call that comes by the hundred thousand: straight from the limits to {@link Signing}, past
 * the filters that authenticate nobody here and past the dispatcher, which together take more time than signing does
 * (docs/performance.md). What is not plainly a sign call, such as one of another content type, goes the long way and is
 * answered there.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 30)
class SignFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;
    private static final String BEFORE = "/api/petitions/";
    private static final String AFTER = "/signatures";
    private static final byte[] PENDING = "{\"status\":\"pending\"}".getBytes(StandardCharsets.UTF_8);

    private final transient Signing signing;
    private final transient ApiExceptionHandler problems;
    private final transient JsonMapper mapper;
    private final transient ObjectReader forms;

    SignFilter(Signing signing, ApiExceptionHandler problems, JsonMapper mapper) {
        this.signing = signing;
        this.problems = problems;
        this.mapper = mapper;
        this.forms = mapper.readerFor(SignatureForm.class);
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = request.getRequestURI();
        if (!path.endsWith(AFTER) || !path.startsWith(BEFORE) || !isPlainlyToSign(request)) {
            chain.doFilter(request, response);
            return;
        }
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        try {
            SignatureForm form = forms.readValue(request.getInputStream());
            if (form == null) {
                throw new IOException("null is no form");
            }
            signing.sign(
                    path.substring(BEFORE.length(), Math.max(BEFORE.length(), path.length() - AFTER.length())),
                    form.orIn(request));
        } catch (IOException | RuntimeException e) {
            refuse(problems.answer(e), response);
            return;
        }
        response.setStatus(HttpServletResponse.SC_ACCEPTED);
        write("application/json", PENDING, response);
    }

    /** Other sites' requests are refused further on. */
    private static boolean isPlainlyToSign(HttpServletRequest request) {
        String type = request.getContentType();
        return request.getMethod().equals("POST")
                && type != null
                && type.toLowerCase(Locale.ROOT).startsWith("application/json")
                && !"cross-site".equals(request.getHeader("Sec-Fetch-Site"));
    }

    private void refuse(ResponseEntity<ProblemDetail> problem, HttpServletResponse response) throws IOException {
        response.setStatus(problem.getStatusCode().value());
        problem.getHeaders().forEach((name, values) -> response.setHeader(name, values.get(0)));
        write("application/problem+json", mapper.writeValueAsBytes(problem.getBody()), response);
    }

    private static void write(String type, byte[] body, HttpServletResponse response) throws IOException {
        response.setContentType(type);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
