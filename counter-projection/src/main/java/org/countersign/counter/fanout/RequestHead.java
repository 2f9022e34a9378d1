package org.countersign.counter.fanout;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of a request that can be answered here: counts, or a stream of them, asked for plainly. Everything else,
 * well-formed or not, is for the web server to judge.
 *
 * @param petition as it stands in the path
 * @param stream whether all further changes are wanted too
 * @param origin where the page is from that asks, null if none says so
 * @param ifNoneMatch the value of the If-None-Match header, null if there is none
 * @param lastEventId the id of the last event that the client received, null if there is none
 * @param keepsAlive whether the caller may ask again on this connection
 */
record RequestHead(
        String petition, boolean stream, String origin, String ifNoneMatch, String lastEventId, boolean keepsAlive) {

    private static final Pattern REQUEST_LINE =
            Pattern.compile("GET /api/petitions/([a-z0-9-]{1,100})/counts(/stream)?(?:\\?\\S*)? HTTP/1\\.1");

    /**
     * Reads a head.
     *
     * @param bytes holds the head from its beginning
     * @param length of the head, the empty line at its end included
     * @return null if it is not for here
     */
    static RequestHead parse(byte[] bytes, int length) {
        String[] lines = new String(bytes, 0, length, StandardCharsets.ISO_8859_1).split("\r\n");
        // Line breaks alone are split into nothing.
        Matcher line = REQUEST_LINE.matcher(lines.length == 0 ? "" : lines[0]);
        if (!line.matches()) {
            return null;
        }
        String origin = null;
        String ifNoneMatch = null;
        String lastEventId = null;
        boolean keepsAlive = true;
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1) {
                return null;
            }
            String value = lines[i].substring(colon + 1).strip();
            switch (lines[i].substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "origin" -> origin = value;
                case "if-none-match" -> ifNoneMatch = ifNoneMatch == null ? value : ifNoneMatch + ", " + value;
                case "last-event-id" -> lastEventId = value;
                case "connection" ->
                    keepsAlive = !value.toLowerCase(Locale.ROOT).contains("close");
                // A body, or something to be agreed on first.
                case "content-length", "transfer-encoding", "expect", "upgrade", "range" -> {
                    return null;
                }
                default -> {
                    // Nothing that would change the answer.
                }
            }
        }
        return new RequestHead(line.group(1), line.group(2) != null, origin, ifNoneMatch, lastEventId, keepsAlive);
    }
}
