package org.countersign.support.credentials;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** User and password of an HTTP Basic header (RFC 7617). */
public record BasicHeader(String user, String password) {

    private static final String SCHEME = "Basic ";
    /** Far more than a user's name and the longest password take. */
    private static final int MAX_LENGTH = 512;

    /** Reads the header of a request. A malformed header counts as none. */
    public static Optional<BasicHeader> of(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        if (header == null
                || header.length() > MAX_LENGTH
                || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        try {
            String text = new String(
                    Base64.getDecoder().decode(header.substring(SCHEME.length()).strip()), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(new BasicHeader(text.substring(0, colon), text.substring(colon + 1)));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** Omits the password. */
    @Override
    public String toString() {
        return "BasicHeader[" + user + "]";
    }
}
