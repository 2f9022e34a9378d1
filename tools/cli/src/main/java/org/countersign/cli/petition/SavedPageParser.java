package org.countersign.cli.petition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.countersign.localstack.client.UserException;
import org.jspecify.annotations.Nullable;

/**
 * Parses a petition page saved as plain text.
 *
 * <p>The page has the title, a line such as "12 have signed. Let's get to 100!", a line "To: …" with the recipients,
 * and the statement. The parser turns the statement into Markdown. Bullets become list items. Numbered lines between
 * blank lines become headings.
 */
final class SavedPageParser {

    private static final Pattern SIGNED = Pattern.compile(
            "\\s*[\\d., ]+ (?:have|has) signed\\.?(?:\\s*Let[’'‘`]s get to ([\\d., ]+)!?)?\\s*",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern TO = Pattern.compile("\\s*To:\\s*(.*\\S)\\s*", Pattern.CASE_INSENSITIVE);
    private static final Pattern BULLET = Pattern.compile("\\s*[●•◦▪‣∙·○■*–-]\\s+(.*\\S)\\s*");
    private static final Pattern NUMBERED = Pattern.compile("\\s*(\\d{1,3})[.)]\\s+(.*\\S)\\s*");
    private static final int MAX_HEADING_LENGTH = 120;

    private SavedPageParser() {}

    /**
     * Parses a page.
     *
     * @param givenRecipients replace the recipients that the page names, unless the list is empty
     * @throws UserException if the page is empty, or there are no recipients
     */
    static Map<String, Object> read(String text, List<String> givenRecipients) {
        @Nullable String title = null;
        @Nullable Long goal = null;
        List<String> recipients = List.of();
        List<String> rest = new ArrayList<>();
        for (String line : text.lines().toList()) {
            Matcher signed = SIGNED.matcher(line);
            Matcher to = TO.matcher(line);
            if (title == null) {
                title = line.isBlank() ? null : line.strip();
            } else if (signed.matches()) {
                goal = signed.group(1) == null
                        ? goal
                        : Long.valueOf(signed.group(1).replaceAll("\\D", ""));
            } else if (recipients.isEmpty() && to.matches()) {
                recipients = recipients(to.group(1));
            } else {
                rest.add(line);
            }
        }
        if (title == null) {
            throw new UserException("The file is empty.");
        }
        if (recipients.isEmpty() && givenRecipients.isEmpty()) {
            throw new UserException("This file is not Markdown with front matter (a first line ---). "
                    + "As a saved petition page it has no recipients, because no line begins with \"To:\". "
                    + "Name each recipient with an option, for example --to \"The council\".");
        }
        Map<String, Object> petition = new LinkedHashMap<>();
        petition.put("title", title);
        petition.put("statement", statement(rest));
        petition.put("recipients", givenRecipients.isEmpty() ? recipients : givenRecipients);
        if (goal != null) {
            petition.put("goal", goal);
        }
        return petition;
    }

    private static List<String> recipients(String line) {
        return Arrays.stream(line.replaceFirst("\\.$", "").split("\\s*[,;]\\s+(?:and\\s+)?"))
                .filter(name -> !name.isBlank())
                .toList();
    }

    private static String statement(List<String> lines) {
        StringBuilder markdown = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            boolean alone = isBlank(lines, i - 1) && isBlank(lines, i + 1);
            markdown.append(line(lines.get(i), alone)).append('\n');
        }
        return markdown.toString().replaceAll("\n{3,}", "\n\n").strip();
    }

    private static boolean isBlank(List<String> lines, int i) {
        return i < 0 || i >= lines.size() || lines.get(i).isBlank();
    }

    private static String line(String line, boolean alone) {
        Matcher bullet = BULLET.matcher(line);
        if (bullet.matches()) {
            return "- " + escape(bullet.group(1));
        }
        Matcher numbered = NUMBERED.matcher(line);
        if (numbered.matches()) {
            String text = numbered.group(2);
            boolean heading = alone && text.length() <= MAX_HEADING_LENGTH && !text.matches(".*[.,;:]");
            return heading ? "## " + numbered.group(1) + ". " + escape(text) : numbered.group(1) + ". " + escape(text);
        }
        String escaped = escape(line.strip());
        return escaped.matches("[#>+=~].*") ? "\\" + escaped : escaped;
    }

    /** Escapes the characters that Markdown would interpret. Citation marks such as [1] stay as they are. */
    private static String escape(String text) {
        return text.replaceAll("([\\\\`*_<])", "\\\\$1").replaceAll("\\]\\(", "]\\\\(");
    }
}
