package org.countersign.signature.cases;

import java.net.IDN;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.countersign.signature.personaldata.EmailAddress;
import org.jspecify.annotations.Nullable;

/**
 * Takes signers whose mail domain matches one of several globs. {@code evil.example} is this domain alone. In
 * {@code *.evil.example}, the star stands for any text, so that the glob takes all subdomains.
 */
final class DomainCriterion implements CaseCriterion {

    private static final Pattern GLOB =
            Pattern.compile("([a-z0-9*]([a-z0-9*-]*[a-z0-9*])?\\.)+[a-z][a-z0-9-]*[a-z0-9]");
    private static final int MAX_LENGTH = 253;

    private final List<String> globs;

    /** @param globs validated by {@link #parse} */
    DomainCriterion(List<String> globs) {
        this.globs = List.copyOf(globs);
    }

    /**
     * Parses a glob.
     *
     * @return the glob in lower case and ASCII; a domain in the form in which addresses are compared
     * @throws IllegalArgumentException if it is not a domain with stars
     */
    static String parse(@Nullable String text) {
        String glob = text == null ? "" : ascii(text.strip());
        if (glob.length() > MAX_LENGTH || !GLOB.matcher(glob).matches()) {
            throw new IllegalArgumentException("must be a domain such as example.org or *.example.org");
        }
        return glob.contains("*") ? glob : domain(EmailAddress.parse("a@" + glob));
    }

    private static String ascii(String text) {
        try {
            return text.contains("*")
                    ? text.toLowerCase(Locale.ROOT)
                    : IDN.toASCII(text).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String domain(EmailAddress address) {
        return address.canonical().substring(address.canonical().lastIndexOf('@') + 1);
    }

    @Override
    public boolean matches(CaseCandidate candidate) {
        return candidate
                .address()
                .map(DomainCriterion::domain)
                .filter(this::matchesOne)
                .isPresent();
    }

    private boolean matchesOne(String domain) {
        return globs.stream().anyMatch(glob -> matches(glob, domain));
    }

    /**
     * Tells whether a text matches a glob. A star takes as little as possible, and more if the rest does not match.
     * Only the last star is tried again, so that many stars cost no more than the product of both lengths.
     */
    static boolean matches(String glob, String text) {
        int inGlob = 0;
        int inText = 0;
        int afterStar = -1;
        int retry = 0;
        while (inText < text.length()) {
            if (inGlob < glob.length() && glob.charAt(inGlob) == '*') {
                afterStar = ++inGlob;
                retry = inText;
            } else if (inGlob < glob.length() && glob.charAt(inGlob) == text.charAt(inText)) {
                inGlob++;
                inText++;
            } else if (afterStar >= 0) {
                inGlob = afterStar;
                inText = ++retry;
            } else {
                return false;
            }
        }
        return glob.chars().skip(inGlob).allMatch(character -> character == '*');
    }
}
