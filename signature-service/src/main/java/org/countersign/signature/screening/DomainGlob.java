package org.countersign.signature.screening;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of mail domains. An asterisk stands for one or more characters, dots included: {@code *.example.org} is
 * each subdomain of example.org, and not example.org itself.
 *
 * @param text the pattern, in lower case and ASCII
 */
record DomainGlob(String text) {

    private static final int MAX_LENGTH = 253;
    private static final int MAX_ASTERISKS = 5;
    private static final int ASCII_END = 128;
    private static final Pattern VALID = Pattern.compile("[a-z0-9*-]{1,63}(\\.[a-z0-9*-]{1,63})*");

    /**
     * Parses a pattern.
     *
     * @throws IllegalArgumentException if it can match no mail domain, or matches all; the message continues the name
     *     of the field
     */
    static DomainGlob parse(@Nullable String given) {
        String text = ascii(given == null ? "" : given.strip());
        long asterisks = text.chars().filter(character -> character == '*').count();
        boolean valid = text.length() <= MAX_LENGTH
                && asterisks <= MAX_ASTERISKS
                && text.indexOf('.') > 0
                && VALID.matcher(text).matches()
                && text.chars().anyMatch(Character::isLetterOrDigit);
        if (!valid) {
            throw new IllegalArgumentException(
                    "must be a mail domain such as example.org, or a pattern of domains such as *.example.org");
        }
        return new DomainGlob(text);
    }

    private static String ascii(String text) {
        if (text.chars().allMatch(character -> character < ASCII_END)) {
            return text.toLowerCase(Locale.ROOT);
        }
        try {
            // The asterisk is no letter of a domain, so that only other characters are checked.
            return IDN.toASCII(text.toLowerCase(Locale.ROOT)).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** Tells whether the pattern is one domain. */
    boolean isExact() {
        return text.indexOf('*') < 0;
    }

    /** Tells whether a domain matches. The time is at most the product of both lengths. */
    boolean matches(String domain) {
        int at = 0;
        int read = 0;
        int asterisk = -1;
        int resume = 0;
        while (read < domain.length()) {
            if (at < text.length() && text.charAt(at) == '*') {
                // It takes one character now, and more of them if the rest does not match.
                asterisk = at++;
                resume = ++read;
            } else if (at < text.length() && text.charAt(at) == domain.charAt(read)) {
                at++;
                read++;
            } else if (asterisk >= 0) {
                at = asterisk + 1;
                read = ++resume;
            } else {
                return false;
            }
        }
        return at == text.length();
    }
}
