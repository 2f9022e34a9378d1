package org.countersign.counter.fanout;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Checks the head of a request against RFC 9112, without leniency. A head that two programs could read in two ways
 * would let a client smuggle a second request past the first of them. The web server gets only heads that pass.
 */
final class HeadSyntax {

    private static final Pattern REQUEST_LINE = Pattern.compile("[A-Z]{1,20} (?:/[\\x21-\\x7e]*|\\*) HTTP/1\\.[01]");
    /** The characters of a field name besides letters and digits. */
    private static final String NAME_SYMBOLS = "!#$%&'*+-.^_`|~";

    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._~:\\[\\]-]*");
    private static final int MAX_FIELDS = 100;
    private static final char DELETE = 0x7f;

    private HeadSyntax() {}

    /**
     * Returns why the head is malformed.
     *
     * @param lines the lines of the head
     * @return empty if the head is well-formed
     */
    static Optional<String> problem(String[] lines) {
        if (!REQUEST_LINE.matcher(lines[0]).matches()) {
            return Optional.of("The request line is malformed.");
        }
        if (lines.length > MAX_FIELDS + 1) {
            return Optional.of("There are too many header fields.");
        }
        Map<String, String> framing = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            // A name with a space before its colon, a folded line and a line without a colon fail here.
            if (!isName(lines[i], colon)) {
                return Optional.of("A header field has no valid name.");
            }
            String value = lines[i].substring(colon + 1);
            if (!isValue(value)) {
                return Optional.of("A header field contains a control character.");
            }
            String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
            if (isFraming(name) && framing.put(name, trim(value)) != null) {
                return Optional.of("The header field " + name + " is repeated.");
            }
        }
        return framingProblem(framing, lines[0].endsWith("1.1"));
    }

    private static boolean isName(String line, int colon) {
        for (int i = 0; i < colon; i++) {
            char one = line.charAt(i);
            boolean letter = one >= 'a' && one <= 'z' || one >= 'A' && one <= 'Z';
            if (!letter && (one < '0' || one > '9') && NAME_SYMBOLS.indexOf(one) < 0) {
                return false;
            }
        }
        return colon > 0;
    }

    /** No control characters but the tab. A carriage return or line feed within a line is one, too. */
    private static boolean isValue(String value) {
        return value.chars().allMatch(one -> one == '\t' || one >= ' ' && one != DELETE);
    }

    /**
     * Splits a head. The last line break and the empty line are left out.
     *
     * @param bytes the bytes from the start of the head
     * @param length the length of the head with its empty line
     */
    static String[] lines(byte[] bytes, int length) {
        return new String(bytes, 0, length - 4, StandardCharsets.ISO_8859_1).split("\r\n", -1);
    }

    /** Returns a field value without the optional white space around it, which is space and tab only. */
    static String trim(String value) {
        int from = 0;
        int to = value.length();
        while (from < to && isWhiteSpace(value.charAt(from))) {
            from++;
        }
        while (to > from && isWhiteSpace(value.charAt(to - 1))) {
            to--;
        }
        return value.substring(from, to);
    }

    private static boolean isWhiteSpace(char one) {
        return one == ' ' || one == '\t';
    }

    private static boolean isFraming(String name) {
        return name.equals("content-length") || name.equals("transfer-encoding") || name.equals("host");
    }

    private static Optional<String> framingProblem(Map<String, String> framing, boolean http11) {
        String length = framing.get("content-length");
        String encoding = framing.get("transfer-encoding");
        String host = framing.get("host");
        if (length != null && !LENGTH.matcher(length).matches()) {
            return Optional.of("Content-Length is not a number.");
        }
        if (encoding != null && (length != null || !http11 || !encoding.equalsIgnoreCase("chunked"))) {
            return Optional.of("Transfer-Encoding must be \"chunked\", without Content-Length.");
        }
        if (host == null ? http11 : !HOST.matcher(host).matches()) {
            return Optional.of("The header field Host is missing or malformed.");
        }
        return Optional.empty();
    }

    /**
     * Writes a well-formed head for the web server, which knows the client only from here.
     *
     * @param client the client's literal address
     * @param trusted whether the client is a proxy that names its own client
     */
    static byte[] forward(String[] lines, String client, boolean trusted) {
        StringBuilder head = new StringBuilder(1024);
        for (String line : lines) {
            if (trusted || !line.regionMatches(true, 0, "X-Forwarded-", 0, "X-Forwarded-".length())) {
                head.append(line).append("\r\n");
            }
        }
        return head.append("X-Forwarded-For: ")
                .append(client)
                .append("\r\n\r\n")
                .toString()
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
