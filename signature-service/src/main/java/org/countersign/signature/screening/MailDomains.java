package org.countersign.signature.screening;

import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.psl.DomainType;
import org.apache.hc.client5.http.psl.PublicSuffixMatcher;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;

/** Knows which domains belong to one owner, and which providers give addresses to everybody. */
public final class MailDomains {

    /** Domains of universities and schools, such as old-town.edu, old-town.edu.au and old-town.ac.uk. */
    private static final Pattern ACADEMIC = Pattern.compile("[^.]+\\.(edu|(edu|ac)\\.[a-z]{2})");

    private final PublicSuffixMatcher suffixes = PublicSuffixMatcherLoader.getDefault();
    private final Set<String> providers = DomainFile.read(DomainFile.resource("public-mail-providers.txt"));

    /**
     * Returns the domain that its owner registered, for example {@code evil.co.uk} for {@code a1.evil.co.uk}. The owner
     * makes subdomains at will. Names below a company that gives away subdomains count as that company's.
     */
    public String registered(String domain) {
        String root = suffixes.getDomainRoot(domain, DomainType.ICANN);
        return root == null ? lastLabels(domain) : root;
    }

    /** Returns the part that was registered below an ending that the list does not have. */
    private static String lastLabels(String domain) {
        int ending = domain.lastIndexOf('.');
        return domain.substring(domain.lastIndexOf('.', ending - 1) + 1);
    }

    /** Tells whether everybody can get an address of this domain. */
    private boolean isPublicProvider(String domain) {
        return providers.contains(domain);
    }

    /**
     * Tells whether people who do not know each other have addresses of this domain: those of a public provider, or the
     * students of a university. That many of them sign is no sign of an attack.
     */
    public boolean isShared(String domain) {
        return isShared(domain, registered(domain));
    }

    /**
     * Does the same as {@link #isShared(String)} for a sign call, which needs the registered domain as well.
     *
     * @param registered the result of {@link #registered} for the domain
     */
    public boolean isShared(String domain, String registered) {
        return isPublicProvider(domain)
                || isPublicProvider(registered)
                || ACADEMIC.matcher(registered).matches();
    }
}
