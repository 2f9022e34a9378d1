package org.countersign.counter.fanout;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request that the event loop answers: a plain request for counts or a stream. The web server answers all
 * other well-formed heads.
 *
 * @param petition the slug in the path
 * @param stream whether the client asks for a stream
 * @param origin the value of the Origin header, null if there is none
 * @param ifNoneMatch the value of the If-None-Match header, null if there is none
 * @param lastEventId the id of the last event that the client received, null if there is none
 * @param keepsAlive whether the connection stays open
 */
record RequestHead(
        String petition,
        boolean stream,
        @Nullable String origin,
        @Nullable String ifNoneMatch,
        @Nullable String lastEventId,
        boolean keepsAlive) {

    private static final Pattern REQUEST_LINE =
            Pattern.compile("GET /api/petitions/([a-z0-9-]{1,100})/counts(/stream)?(?:\\?\\S*)? HTTP/1\\.1");

    /**
     * Parses a head that {@link HeadSyntax} found well-formed.
     *
     * @return null if the web server must answer
     */
    static @Nullable RequestHead parse(String[] lines) {
        Matcher line = REQUEST_LINE.matcher(lines[0]);
        if (!line.matches()) {
            return null;
        }
        String origin = null;
        String ifNoneMatch = null;
        String lastEventId = null;
        boolean keepsAlive = true;
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            String value = HeadSyntax.trim(lines[i].substring(colon + 1));
            switch (lines[i].substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "origin" -> origin = value;
                case "if-none-match" -> ifNoneMatch = ifNoneMatch == null ? value : ifNoneMatch + ", " + value;
                case "last-event-id" -> lastEventId = value;
                case "connection" ->
                    keepsAlive = !value.toLowerCase(Locale.ROOT).contains("close");
                // The web server handles bodies and negotiations.
                case "content-length", "transfer-encoding", "expect", "upgrade", "range" -> {
                    return null;
                }
                default -> {
                    // Other headers do not change the response.
                }
            }
        }
        return new RequestHead(line.group(1), line.group(2) != null, origin, ifNoneMatch, lastEventId, keepsAlive);
    }
}
