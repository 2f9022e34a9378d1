package org.countersign.signature.web.people;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The page to open after signing in. Only pages of this service that need a role count, so no link leads elsewhere. */
final class NextPage {

    static final String DEFAULT = "/account";

    private static final int MAX_LENGTH = 600;
    private static final Pattern OWN =
            Pattern.compile("/(account|people|invitation|organise|audit)([/?][A-Za-z0-9/?&=%._~+-]*)?");

    private NextPage() {}

    /** Returns the page, or {@link #DEFAULT} if it is none of these. */
    static String of(@Nullable String next) {
        return next != null && next.length() <= MAX_LENGTH && OWN.matcher(next).matches() ? next : DEFAULT;
    }

    /** Returns the address of the sign-in page that leads to a page. */
    static String signIn(String next) {
        return "/sign-in?next=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
    }
}
