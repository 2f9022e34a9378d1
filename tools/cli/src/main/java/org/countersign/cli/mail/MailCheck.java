package org.countersign.cli.mail;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks SPF (RFC 7208), DKIM (RFC 6376 and 8463), DMARC (RFC 7489) and their alignment. The notifier sends with one
 * domain in header and envelope, and signs with the same, so that both align if the records are right.
 */
final class MailCheck {

    private static final int MAX_SPF_LOOKUPS = 10;
    private static final int GOOD_RSA_BITS = 2048;
    private static final int MIN_RSA_BITS = 1024;
    private static final int ED25519_BYTES = 32;

    private final Records records;
    private final List<MailFinding> findings = new ArrayList<>();

    /** Reads records in DNS. */
    @FunctionalInterface
    interface Records {

        /** Returns the values of a name, or an empty list if there are none. */
        List<String> of(String name, String type);
    }

    MailCheck(Records records) {
        this.records = records;
    }

    /**
     * Checks a domain.
     *
     * @param domain the domain of the sender's address
     * @param selectors the names of the DKIM keys
     */
    List<MailFinding> check(String domain, List<String> selectors) {
        checkReplies(domain);
        boolean spf = checkSpf(domain);
        boolean dkim = false;
        for (String selector : selectors) {
            dkim |= checkDkim(domain, selector);
        }
        if (selectors.isEmpty()) {
            findings.add(MailFinding.hint(
                    "DKIM", "not checked. Name the key with --selector. Large providers require a signature."));
        }
        boolean dmarc = checkDmarc(domain);
        if (dmarc && (dkim || spf)) {
            findings.add(MailFinding.ok(
                    "alignment",
                    "mails from " + domain + " align by " + (dkim && spf ? "DKIM and SPF" : dkim ? "DKIM" : "SPF")));
        } else if (dmarc && !selectors.isEmpty()) {
            findings.add(MailFinding.mend(
                    "alignment", "neither DKIM nor SPF holds for " + domain + ", so that DMARC fails for each mail"));
        }
        return List.copyOf(findings);
    }

    private void checkReplies(String domain) {
        boolean takesMail =
                !records.of(domain, "MX").isEmpty() || !records.of(domain, "A").isEmpty();
        findings.add(
                takesMail
                        ? MailFinding.ok("MX", domain + " takes mail")
                        : MailFinding.mend(
                                "MX",
                                domain + " takes no mail, so that nobody hears of failed mails. Add an MX record."));
    }

    private boolean checkSpf(String domain) {
        List<String> found = texts(domain, "v=spf1");
        if (found.size() != 1) {
            findings.add(MailFinding.mend(
                    "SPF",
                    found.isEmpty()
                            ? domain + " has no record. Add a TXT record such as \"v=spf1 include:PROVIDER -all\"."
                            : domain + " has " + found.size() + " records, so that none holds. Leave one of them."));
            return false;
        }
        String record = found.get(0).toLowerCase(Locale.ROOT);
        int lookups = lookups(record, new HashSet<>(Set.of(domain)));
        if (lookups > MAX_SPF_LOOKUPS) {
            findings.add(MailFinding.mend(
                    "SPF", "the record needs more than 10 look-ups, so that it does not hold. Remove includes."));
            return false;
        }
        String end = record.substring(record.lastIndexOf(' ') + 1);
        switch (end) {
            case "-all", "~all" -> findings.add(MailFinding.ok("SPF", record));
            case "+all", "all" -> {
                findings.add(
                        MailFinding.mend("SPF", "the record allows everybody to send. Replace " + end + " by -all."));
                return false;
            }
            default -> {
                if (end.startsWith("redirect=")) {
                    findings.add(MailFinding.ok("SPF", record));
                } else {
                    findings.add(MailFinding.hint("SPF", "the record forbids nobody to send. End it with -all."));
                }
            }
        }
        return true;
    }

    /** Counts the look-ups of a record and of those that it includes. Stops soon after the limit. */
    private int lookups(String record, Set<String> seen) {
        int count = 0;
        for (String term : record.split("\\s+")) {
            String plain = term.replaceFirst("^[+?~-]", "");
            boolean refers = plain.startsWith("include:") || plain.startsWith("redirect=");
            if (refers || plain.matches("(a|mx|ptr)([:/].*)?") || plain.startsWith("exists:")) {
                count++;
            }
            if (refers && count <= MAX_SPF_LOOKUPS) {
                String other =
                        plain.substring(plain.startsWith("include:") ? "include:".length() : "redirect=".length());
                if (seen.add(other) && seen.size() <= MAX_SPF_LOOKUPS + 2) {
                    for (String included : texts(other, "v=spf1")) {
                        count += lookups(included.toLowerCase(Locale.ROOT), seen);
                    }
                }
            }
        }
        return count;
    }

    private boolean checkDkim(String domain, String selector) {
        String name = selector + "._domainkey." + domain;
        List<String> found = records.of(name, "TXT").stream()
                .filter(text -> tags(text).containsKey("p"))
                .toList();
        if (found.size() != 1) {
            findings.add(MailFinding.mend(
                    "DKIM",
                    name
                            + (found.isEmpty()
                                    ? " has no key. Publish \"v=DKIM1; p=…\"."
                                    : " has several keys. Leave one.")));
            return false;
        }
        Map<String, String> tags = tags(found.get(0));
        Optional<String> fault = keyFault(tags.getOrDefault("k", "rsa"), tags.getOrDefault("p", ""));
        if (fault.isPresent()) {
            findings.add(MailFinding.mend("DKIM", name + " " + fault.get()));
            return false;
        }
        findings.add(
                tags.getOrDefault("t", "").contains("y")
                        ? MailFinding.hint("DKIM", name + " is in test mode. Remove t=y when signing works.")
                        : MailFinding.ok("DKIM", name + " has a good key"));
        return true;
    }

    private static Optional<String> keyFault(String type, String text) {
        if (text.isEmpty()) {
            return Optional.of("was revoked. Sign with another key, or publish this one again.");
        }
        try {
            byte[] key = Base64.getDecoder().decode(text);
            if (type.equals("ed25519")) {
                return key.length == ED25519_BYTES
                        ? Optional.empty()
                        : Optional.of("is no Ed25519 key: p= must be the 32 bytes of the key in Base64.");
            }
            RSAPublicKey rsa = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(key));
            int bits = rsa.getModulus().bitLength();
            return bits >= GOOD_RSA_BITS
                    ? Optional.empty()
                    : Optional.of("has a key of " + bits + " bits, which providers "
                            + (bits < MIN_RSA_BITS ? "ignore" : "will soon ignore") + ". Make one of 2048 bits.");
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return Optional.of("has no readable key. Publish the public key in Base64, without the lines around it.");
        }
    }

    /** A domain without a record has that of a domain above. */
    private boolean checkDmarc(String domain) {
        for (String at = domain; at.contains("."); at = at.substring(at.indexOf('.') + 1)) {
            List<String> found = texts("_dmarc." + at, "v=DMARC1");
            if (found.size() == 1) {
                return checkPolicy("_dmarc." + at, tags(found.get(0)), !at.equals(domain));
            }
            if (found.size() > 1) {
                findings.add(MailFinding.mend("DMARC", "_dmarc." + at + " has several records. Leave one."));
                return false;
            }
        }
        findings.add(MailFinding.mend(
                "DMARC",
                "_dmarc." + domain + " has no record. Add a TXT record such as \"v=DMARC1; p=none; rua=mailto:…\"."));
        return false;
    }

    private boolean checkPolicy(String name, Map<String, String> tags, boolean above) {
        String policy = above ? tags.getOrDefault("sp", tags.getOrDefault("p", "")) : tags.getOrDefault("p", "");
        switch (policy.toLowerCase(Locale.ROOT)) {
            case "quarantine", "reject" -> findings.add(MailFinding.ok("DMARC", name + " has the policy " + policy));
            case "none" ->
                findings.add(MailFinding.hint(
                        "DMARC", name + " only observes. Set p=quarantine when reports show no failures."));
            default -> {
                findings.add(MailFinding.mend("DMARC", name + " has no policy. Add p=none, p=quarantine or p=reject."));
                return false;
            }
        }
        if (!tags.containsKey("rua")) {
            findings.add(MailFinding.hint("DMARC", name + " names nobody who gets reports. Add rua=mailto:…."));
        }
        return true;
    }

    private List<String> texts(String name, String version) {
        return records.of(name, "TXT").stream()
                .map(String::strip)
                .filter(text -> text.equalsIgnoreCase(version)
                        || text.toLowerCase(Locale.ROOT).startsWith(version.toLowerCase(Locale.ROOT) + " ")
                        || text.toLowerCase(Locale.ROOT).startsWith(version.toLowerCase(Locale.ROOT) + ";"))
                .toList();
    }

    /** Splits a list of tags, RFC 6376, section 3.2. */
    private static Map<String, String> tags(String record) {
        Map<String, String> tags = new HashMap<>();
        for (String tag : record.split(";")) {
            int equals = tag.indexOf('=');
            if (equals > 0) {
                tags.put(
                        tag.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        tag.substring(equals + 1).replaceAll("\\s", ""));
            }
        }
        return tags;
    }
}
