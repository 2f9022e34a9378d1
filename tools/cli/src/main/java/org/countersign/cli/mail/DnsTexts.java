package org.countersign.cli.mail;

import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;
import org.countersign.localstack.client.UserException;

/** Reads records in DNS. */
final class DnsTexts implements MailCheck.Records, AutoCloseable {

    private static final String TIMEOUT_MILLIS = "3000";
    private static final String ATTEMPTS = "2";

    private final InitialDirContext context;

    private DnsTexts(InitialDirContext context) {
        this.context = context;
    }

    /** @param server the DNS server with its port; empty for that of this machine */
    static DnsTexts of(String server) {
        Hashtable<String, String> settings = new Hashtable<>();
        settings.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        settings.put(Context.PROVIDER_URL, "dns://" + server);
        settings.put("com.sun.jndi.dns.timeout.initial", TIMEOUT_MILLIS);
        settings.put("com.sun.jndi.dns.timeout.retries", ATTEMPTS);
        try {
            return new DnsTexts(new InitialDirContext(settings));
        } catch (NamingException e) {
            throw new UserException("The DNS server cannot be used: " + e.getMessage());
        }
    }

    /** A DNS context reads texts. It makes no objects of them, as directories do. */
    @SuppressWarnings("BanJNDI")
    @Override
    public List<String> of(String name, String type) {
        try {
            Attribute values = context.getAttributes(name, new String[] {type}).get(type);
            List<String> texts = new ArrayList<>();
            for (int i = 0; values != null && i < values.size(); i++) {
                texts.add(
                        type.equals("TXT")
                                ? joined(values.get(i).toString())
                                : values.get(i).toString());
            }
            return texts;
        } catch (NameNotFoundException e) {
            return List.of();
        } catch (NamingException e) {
            throw new UserException("DNS does not answer for " + name + ": " + e.getMessage());
        }
    }

    /** A long text is stored in pieces. JNDI puts spaces between them, and quotes around those that have spaces. */
    static String joined(String text) {
        StringBuilder joined = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                i++;
                joined.append(text.charAt(i));
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c != ' ' || quoted) {
                joined.append(c);
            }
        }
        return joined.toString();
    }

    @Override
    public void close() {
        try {
            context.close();
        } catch (NamingException e) {
            // Nothing depends on it.
        }
    }
}
