package org.countersign.notifier.delivery;

import java.net.IDN;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The maximum number of mails per minute to the recipients of a domain. */
@Component
class DomainLimits {

    private static final int MAX_LIMIT = 1_000_000;

    private final int usual;
    private final Map<String, Integer> special = new HashMap<>();

    /**
     * Reads the settings.
     *
     * @param usual the limit of domains without one of their own; 0 for no limit
     * @param special the limits of some domains, as in {@code gmail.com=600,example.org=60}; 0 for no limit
     * @throws IllegalArgumentException if a setting is malformed; the message names it
     */
    DomainLimits(
            @Value("${countersign.mail.per-domain-minute}") int usual,
            @Value("${countersign.mail.domain-limits}") String special) {
        if (usual < 0 || usual > MAX_LIMIT) {
            throw new IllegalArgumentException("COUNTERSIGN_MAIL_PER_DOMAIN_MINUTE is " + usual
                    + ", but must be 0 for no limit, or from 1 to " + MAX_LIMIT);
        }
        this.usual = usual;
        for (String entry : special.isBlank() ? new String[0] : special.strip().split("\\s*,\\s*")) {
            add(entry);
        }
    }

    private void add(String entry) {
        String[] parts = entry.split("\\s*=\\s*", 2);
        String domain = asciiDomain(parts[0]);
        if (parts.length < 2 || domain.isEmpty() || !parts[1].matches("[0-9]{1,6}")) {
            throw new IllegalArgumentException("COUNTERSIGN_MAIL_DOMAIN_LIMITS contains " + entry
                    + ", but must list domains with mails per minute, such as gmail.com=600,example.org=60");
        }
        special.put(domain, Integer.valueOf(parts[1]));
    }

    private static String asciiDomain(String domain) {
        try {
            return IDN.toASCII(domain).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** Returns the limit of a domain in mails per minute, or null if it has none. */
    @Nullable
    Integer of(String domain) {
        int limit = special.getOrDefault(domain, usual);
        return limit == 0 ? null : limit;
    }
}
