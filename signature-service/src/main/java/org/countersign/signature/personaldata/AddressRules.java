package org.countersign.signature.personaldata;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The rules of address-rules.txt, by mail domain. */
final class AddressRules {

    /** The canonical name of a domain, and the characters before the @ that it ignores. */
    record Rule(String domain, String ignored) {

        String localPart(String local) {
            String kept = local;
            for (int i = 0; i < ignored.length(); i++) {
                kept = kept.replace(ignored.substring(i, i + 1), "");
            }
            // A local part of ignored characters alone is kept. Otherwise all such addresses would be one person.
            return kept.isEmpty() ? local : kept;
        }
    }

    private static final Map<String, Rule> RULES = read();

    private AddressRules() {}

    static Rule of(String domain) {
        Rule rule = RULES.get(domain);
        return rule != null ? rule : new Rule(domain, "");
    }

    private static Map<String, Rule> read() {
        Map<String, Rule> rules = new HashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                AddressRules.class.getResourceAsStream("/address-rules.txt"), StandardCharsets.UTF_8))) {
            lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> add(line, rules));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(rules);
    }

    private static void add(String line, Map<String, Rule> rules) {
        String[] parts = line.split("\\s+ignores\\s+");
        String[] domains = parts[0].split("\\s+also\\s+|\\s+");
        Rule rule = new Rule(domains[0], parts.length > 1 ? parts[1].trim() : "");
        for (String domain : domains) {
            rules.put(domain, rule);
        }
    }
}
