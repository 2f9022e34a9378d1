package org.countersign.cli.petition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.countersign.localstack.client.UserException;

/**
 * A petition page saved as plain text: the title, a line such as "12 have signed. Let's get to 100!", a line "To: …"
 * with the recipients, and the statement. The statement becomes Markdown: bullets become lists, numbered lines that
 * stand alone headings.
 */
final class SavedPageParser {

    private static final Pattern SIGNED = Pattern.compile(
            "\\s*[\\d., ]+ (?:have|has) signed\\.?(?:\\s*Let[’'‘`]s get to ([\\d., ]+)!?)?\\s*",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern TO = Pattern.compile("\\s*To:\\s*(.*\\S)\\s*", Pattern.CASE_INSENSITIVE);
    private static final Pattern BULLET = Pattern.compile("\\s*[●•◦▪‣∙·○■*–-]\\s+(.*\\S)\\s*");
    private static final Pattern NUMBERED = Pattern.compile("\\s*(\\d{1,3})[.)]\\s+(.*\\S)\\s*");
    private static final int LONGEST_HEADING = 120;

    private SavedPageParser() {}

    static Map<String, Object> read(String text) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        String title = null;
        Long goal = null;
        List<String> recipients = List.of();
        List<String> rest = new ArrayList<>();
        for (String line : lines) {
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
        if (title == null || recipients.isEmpty()) {
            throw new UserException(
                    "This is neither Markdown with front matter (a first line ---) nor a petition page saved as text: "
                            + (title == null ? "it is empty" : "no line begins with To:") + ".");
        }
        return PetitionFile.petition(title, statement(rest), recipients, goal);
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
            boolean heading = alone && text.length() <= LONGEST_HEADING && !text.matches(".*[.,;:]");
            return heading ? "## " + numbered.group(1) + ". " + escape(text) : numbered.group(1) + ". " + escape(text);
        }
        String escaped = escape(line.strip());
        return escaped.matches("[#>+=~].*") ? "\\" + escaped : escaped;
    }

    /** What would be a sign of Markdown stays what it was on the page. Citation marks such as [1] are none. */
    private static String escape(String text) {
        return text.replaceAll("([\\\\`*_<])", "\\\\$1").replaceAll("\\]\\(", "]\\\\(");
    }
}
