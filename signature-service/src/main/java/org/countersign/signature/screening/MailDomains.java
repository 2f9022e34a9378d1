package org.countersign.signature.screening;

import java.util.Set;
import org.apache.hc.client5.http.psl.DomainType;
import org.apache.hc.client5.http.psl.PublicSuffixMatcher;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;

/** Knows which domains belong to one owner, and which are shared by people who have nothing else in common. */
final class MailDomains {

    private final PublicSuffixMatcher suffixes = PublicSuffixMatcherLoader.getDefault();
    private final Set<String> providers = DomainFile.read(DomainFile.resource("public-mail-providers.txt"));

    /**
     * Returns the domain that its owner registered, for example {@code evil.co.uk} for {@code a1.evil.co.uk}. The owner
     * makes subdomains at will. Names below a company that gives away subdomains count as that company's.
     */
    String registered(String domain) {
        String root = suffixes.getDomainRoot(domain, DomainType.ICANN);
        return root == null ? lastLabels(domain) : root;
    }

    /** Returns the part that was registered below an ending that the list does not have. */
    private static String lastLabels(String domain) {
        int ending = domain.lastIndexOf('.');
        return domain.substring(domain.lastIndexOf('.', ending - 1) + 1);
    }

    /**
     * Tells whether many independent people have addresses of this domain: those of a public mail provider, or of a
     * university. It is no domain to limit. A registry of academic domains accepts universities only.
     */
    boolean isShared(String domain) {
        return providers.contains(domain) || isAcademic(domain);
    }

    /** The public suffix decides, because everybody can have a subdomain with the name edu. */
    private boolean isAcademic(String domain) {
        String root = suffixes.getDomainRoot(domain, DomainType.ICANN);
        String suffix = root == null ? "" : root.substring(root.indexOf('.') + 1);
        return suffix.equals("edu") || suffix.startsWith("edu.") || suffix.startsWith("ac.");
    }
}
