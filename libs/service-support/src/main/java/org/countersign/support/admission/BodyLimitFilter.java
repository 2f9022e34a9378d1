package org.countersign.support.admission;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.countersign.support.problem.ProblemJson;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;

/**
 * Answers 413 to request bodies over 16 KiB, whatever their type and method are.
 *
 * <p>A chunked body has no length. It is read here, so that no later reader gets more. Tomcat reads forms, with the
 * same limit. Multipart bodies are disabled. Compressed bodies are refused.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 25)
class BodyLimitFilter extends HttpFilter {

    /** The maximum size of a body. */
    static final int MAX_BYTES = 16 * 1024;

    private static final long serialVersionUID = 1L;
    private static final String FORM = "application/x-www-form-urlencoded";

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String encoding = request.getHeader("Content-Encoding");
        if (request.getContentLengthLong() > MAX_BYTES) {
            refuse(response);
        } else if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            response.setHeader("Connection", "close");
            ProblemJson.write(response, HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Send the body without a Content-Encoding.");
        } else if (request.getHeader("Transfer-Encoding") == null || isForm(request)) {
            chain.doFilter(request, response);
        } else {
            byte[] body = request.getInputStream().readNBytes(MAX_BYTES + 1);
            if (body.length > MAX_BYTES) {
                refuse(response);
            } else {
                chain.doFilter(new BufferedRequest(request, body), response);
            }
        }
    }

    private static boolean isForm(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null
                && request.getMethod().equals("POST")
                && type.toLowerCase(Locale.ROOT).startsWith(FORM);
    }

    private static void refuse(HttpServletResponse response) throws IOException {
        response.setHeader("Connection", "close");
        ProblemJson.write(
                response, HttpStatus.CONTENT_TOO_LARGE, "The body is too large. Send at most " + MAX_BYTES + " bytes.");
    }

    private static final class BufferedRequest extends HttpServletRequestWrapper {

        private final byte[] body;
        private final ServletInputStream stream;

        private BufferedRequest(HttpServletRequest request, byte[] body) {
            super(request);
            this.body = body;
            this.stream = new BufferedBody(new ByteArrayInputStream(body));
        }

        @Override
        public int getContentLength() {
            return body.length;
        }

        @Override
        public long getContentLengthLong() {
            return body.length;
        }

        @Override
        public ServletInputStream getInputStream() {
            return stream;
        }

        @Override
        public BufferedReader getReader() {
            String name = getCharacterEncoding();
            return new BufferedReader(
                    new InputStreamReader(stream, name == null ? StandardCharsets.UTF_8 : Charset.forName(name)));
        }
    }

    private static final class BufferedBody extends ServletInputStream {

        private final ByteArrayInputStream bytes;

        private BufferedBody(ByteArrayInputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            return bytes.read(buffer, offset, length);
        }

        @Override
        public boolean isFinished() {
            return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new IllegalStateException("The body is read already");
        }
    }
}
