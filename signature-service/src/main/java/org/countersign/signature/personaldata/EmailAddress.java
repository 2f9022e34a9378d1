package org.countersign.signature.personaldata;

import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An e-mail address: as typed, for sending mail, and in canonical form, which is the same for all spellings of one
 * mailbox. The limits are those of RFC 5321, section 4.5.3.1. The local part is a dot-atom of RFC 5322.
 */
public final class EmailAddress {

    private static final int MAX_LENGTH = 254;
    private static final int MAX_LOCAL_LENGTH = 64;
    private static final int ASCII_END = 128;
    private static final Pattern LOCAL =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");
    private static final Pattern DOMAIN =
            Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])");

    private final String typed;
    private final String canonical;

    private EmailAddress(String typed, String canonical) {
        this.typed = typed;
        this.canonical = canonical;
    }

    /**
     * Parses an address.
     *
     * @throws IllegalArgumentException if no mail can be sent to it; the message does not quote it
     */
    public static EmailAddress parse(@Nullable String text) {
        String typed = text == null ? "" : text.strip();
        int at = typed.lastIndexOf('@');
        if (at < 1 || at == typed.length() - 1) {
            throw new IllegalArgumentException("must be an e-mail address such as ani@example.org");
        }
        if (typed.length() > MAX_LENGTH || at > MAX_LOCAL_LENGTH) {
            throw new IllegalArgumentException("must have at most 254 characters, 64 of them before the @");
        }
        String local = typed.substring(0, at);
        if (!LOCAL.matcher(local).matches()) {
            throw new IllegalArgumentException(
                    "must have only letters a to z, digits, single dots and signs such as + - _ before the @");
        }
        String domain = asciiDomain(typed.substring(at + 1));
        if (!DOMAIN.matcher(domain).matches()) {
            throw new IllegalArgumentException("must have a domain such as example.org after the @");
        }
        return new EmailAddress(
                local + "@" + typed.substring(at + 1), canonical(local.toLowerCase(Locale.ROOT), domain));
    }

    private static String asciiDomain(String domain) {
        if (domain.chars().allMatch(character -> character < ASCII_END)) {
            return domain.toLowerCase(Locale.ROOT);
        }
        try {
            return IDN.toASCII(
                            Normalizer.normalize(domain, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT),
                            IDN.USE_STD3_ASCII_RULES)
                    .toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String canonical(String local, String domain) {
        AddressRules.Rule rule = AddressRules.of(domain);
        int tag = local.indexOf('+');
        return rule.localPart(tag > 0 ? local.substring(0, tag) : local) + "@" + rule.domain();
    }

    /** Returns the address as typed, without white space around it. Mail goes to this form. */
    public String typed() {
        return typed;
    }

    /** Returns one form for all spellings of the mailbox. */
    public String canonical() {
        return canonical;
    }

    /** Returns the domain of the canonical form: ASCII in lower case, one for all names of a provider. */
    public String domain() {
        return canonical.substring(canonical.lastIndexOf('@') + 1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EmailAddress address && canonical.equals(address.canonical);
    }

    @Override
    public int hashCode() {
        return canonical.hashCode();
    }

    /** Hides the personal data. */
    @Override
    public String toString() {
        return "EmailAddress[…]";
    }
}
