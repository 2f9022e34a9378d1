package org.countersign.support.management;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** Recognises paths of the management port, in every spelling that a server or proxy could resolve to one of them. */
final class ManagementPaths {

    /** The path of the OpenAPI document. */
    static final String API_DOCS = "/v3/api-docs";

    private static final List<String> PATHS = List.of("/actuator", "/internal", API_DOCS);
    /** Proxies decode once, and a second proxy once more. */
    private static final int MAX_DECODINGS = 3;

    private ManagementPaths() {}

    /**
     * Returns whether a path belongs to the management port.
     *
     * @param path the path of a request as the client sent it, without the query
     */
    static boolean contains(String path) {
        String plain = isPlain(path) ? path.toLowerCase(Locale.ROOT) : plain(path);
        return PATHS.stream()
                .anyMatch(management -> plain.startsWith(management)
                        && (plain.length() == management.length()
                                || !isNameCharacter(plain.charAt(management.length()))));
    }

    /** Letters, digits, and hyphens continue a name. Anything else ends it. */
    private static boolean isNameCharacter(char next) {
        return Character.isLetterOrDigit(next) || next == '-' || next == '_';
    }

    /** Tells whether every server reads the path alike. Nearly all requests have such a path. */
    private static boolean isPlain(String path) {
        for (int i = 0; i < path.length(); i++) {
            char character = path.charAt(i);
            boolean plain = character >= 'a' && character <= 'z'
                    || character >= 'A' && character <= 'Z'
                    || character >= '0' && character <= '9'
                    || character == '-'
                    || character == '_'
                    || character == '/' && (i == 0 || path.charAt(i - 1) != '/');
            if (!plain) {
                return false;
            }
        }
        return path.startsWith("/");
    }

    private static String plain(String path) {
        String decoded = path;
        for (int i = 0; i < MAX_DECODINGS; i++) {
            decoded = decode(decoded);
        }
        Deque<String> segments = new ArrayDeque<>();
        for (String raw : decoded.replace('\\', '/').split("/")) {
            String segment = raw.replaceFirst(";.*", "");
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        return "/" + String.join("/", segments).toLowerCase(Locale.ROOT);
    }

    private static String decode(String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return path;
        }
    }
}
