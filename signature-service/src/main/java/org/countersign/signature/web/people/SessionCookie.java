package org.countersign.signature.web.people;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/**
 * The cookie of a session. Behind https its name begins with {@code __Host-}: browsers then accept it from this host
 * over https only, so that no other site of the domain can set it.
 */
final class SessionCookie {

    private static final String NAME = "session";
    private static final String SECURE_NAME = "__Host-session";

    private SessionCookie() {}

    private static String name(HttpServletRequest request) {
        return request.isSecure() ? SECURE_NAME : NAME;
    }

    /** Returns the value of the cookie, or null. Behind https, a cookie without the prefix does not count. */
    static @Nullable String read(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(name(request))) {
                    return cookie.getValue();
                }
            }
        }
        return null;
    }

    /** Sets the cookie until the browser ends. The service ends the session earlier, or after seven days. */
    static void write(HttpServletRequest request, HttpServletResponse response, String value) {
        add(request, response, value, Duration.ofSeconds(-1));
    }

    /** Deletes the cookie. */
    static void delete(HttpServletRequest request, HttpServletResponse response) {
        add(request, response, "", Duration.ZERO);
    }

    /** Lax: a link in a mail to an invitation or to a petition's page finds the person signed in. */
    private static void add(HttpServletRequest request, HttpServletResponse response, String value, Duration maxAge) {
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from(name(request), value)
                        .path("/")
                        .maxAge(maxAge)
                        .httpOnly(true)
                        .sameSite("Lax")
                        .secure(request.isSecure())
                        .build()
                        .toString());
    }
}
