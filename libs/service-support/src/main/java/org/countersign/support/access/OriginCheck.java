package org.countersign.support.access;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Recognises requests that another site made a browser send, with credentials that the browser has stored.
 *
 * <p>Browsers name the relation of the sites in {@code Sec-Fetch-Site} (W3C Fetch Metadata). Older ones name the origin
 * in {@code Origin}. Programs send neither.
 */
public final class OriginCheck {

    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> OWN = Set.of("same-origin", "none");

    private final String publicOrigin;

    /** @param publicUrl the address under which browsers reach the service; empty if only {@code Host} tells */
    public OriginCheck(String publicUrl) {
        publicOrigin = publicUrl.isEmpty() ? "" : origin(URI.create(publicUrl));
    }

    private static String origin(URI url) {
        return (url.getScheme() + "://" + url.getRawAuthority()).toLowerCase(Locale.ROOT);
    }

    /** Returns whether another site, or another origin of the same site, made a browser send this request. */
    public boolean isForeign(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return !OWN.contains(site);
        }
        String origin = request.getHeader("Origin");
        return origin != null && !isOwn(origin.toLowerCase(Locale.ROOT), request.getHeader("Host"));
    }

    private boolean isOwn(String origin, @Nullable String host) {
        return origin.equals(publicOrigin)
                || host != null
                        && (origin.equals("http://" + host.toLowerCase(Locale.ROOT))
                                || origin.equals("https://" + host.toLowerCase(Locale.ROOT)));
    }

    /**
     * Returns whether a request whose answer needs credentials must be rejected.
     *
     * <p>A link of another site may open a page. It may not load an answer as an image, script or frame, because size
     * and time of the answer would tell about its content.
     */
    boolean mustReject(HttpServletRequest request) {
        return isForeign(request) && !(SAFE_METHODS.contains(request.getMethod()) && opensPage(request));
    }

    /** Returns whether a request without credentials must be rejected: only if it changes something. */
    boolean mustRejectPublic(HttpServletRequest request) {
        return !SAFE_METHODS.contains(request.getMethod()) && isForeign(request);
    }

    private static boolean opensPage(HttpServletRequest request) {
        return "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
                && "document".equals(request.getHeader("Sec-Fetch-Dest"));
    }
}
