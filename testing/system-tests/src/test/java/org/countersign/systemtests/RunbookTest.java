package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** docs/runbook.md has a section for each alert, and docs/operations.md a fix for each finding of durability. */
class RunbookTest {

    private static final Path HOME =
            Path.of(System.getProperty("basedir")).getParent().getParent();
    private static final String FINDINGS =
            "signature-service/src/main/java/org/countersign/signature/durability/" + "FindingCode.java";
    private static final Pattern FINDING = Pattern.compile("(?m)^    ([A-Z][A-Z_]+)\\((true|false)\\)[,;]");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
    private static final Pattern LINK = Pattern.compile("\\]\\(#([^)]+)\\)");

    /** An alert rule, as far as the runbook depends on it. */
    private record Alert(String name, String severity, String runbook) {

        boolean pages() {
            return severity.equals("page");
        }
    }

    private static String text(String path) throws IOException {
        return Files.readString(HOME.resolve(path));
    }

    @SuppressWarnings("unchecked")
    private static List<Alert> alerts() throws IOException {
        Map<String, List<Map<String, List<Map<String, Object>>>>> rules =
                new Yaml().load(text("deploy/prometheus/alerts.yml"));
        return rules.get("groups").stream()
                .flatMap(group -> group.get("rules").stream())
                .map(rule -> new Alert(
                        rule.get("alert").toString(),
                        ((Map<String, String>) rule.get("labels")).get("severity"),
                        String.valueOf(((Map<String, String>) rule.get("annotations")).get("runbook"))))
                .toList();
    }

    /** The part of a document below a heading of the second level, up to the next one. */
    private static String part(String document, String heading) {
        Matcher part =
                Pattern.compile("(?ms)^## " + heading + "\\n(.*?)(?=^## |\\z)").matcher(document);
        assertThat(part.find()).as("section " + heading).isTrue();
        return part.group(1);
    }

    /** The sections of the third level in a part, by heading. */
    private static Map<String, String> sections(String part) {
        return Pattern.compile("(?ms)^### (\\S[^\\n]*)\\n(.*?)(?=^### |\\z)")
                .matcher(part)
                .results()
                .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
    }

    private static Map<String, String> alertSections() throws IOException {
        return sections(part(text("docs/runbook.md"), "Alerts"));
    }

    /** The anchor that GitHub gives a heading. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
    }

    @Test
    void each_alert_has_a_section_and_each_section_an_alert() throws IOException {
        assertThat(alerts()).hasSizeGreaterThan(10);
        assertThat(alertSections().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        alerts().stream().map(Alert::name).toList());
    }

    @Test
    void each_alert_names_its_section() throws IOException {
        assertThat(alerts())
                .allSatisfy(alert -> assertThat(alert.runbook())
                        .as("annotation runbook of " + alert.name())
                        .isEqualTo("docs/runbook.md#" + anchor(alert.name())));
    }

    @Test
    void each_section_of_an_alert_says_what_to_look_at_and_what_to_do() throws IOException {
        assertThat(alertSections())
                .allSatisfy((name, section) -> assertThat(section.replace('\n', ' '))
                        .as(name)
                        .contains("**Meaning.**", "**Wake someone:**", "**Look at", "**Do"));
    }

    @Test
    void exactly_the_alerts_that_page_wake_someone() throws IOException {
        Map<String, String> sections = alertSections();
        assertThat(alerts())
                .allSatisfy(alert -> assertThat(
                                sections.getOrDefault(alert.name(), "").replaceAll("\\s+", " "))
                        .as(alert.name())
                        .contains("**Wake someone:** " + (alert.pages() ? "yes" : "no")));
    }

    @Test
    void the_table_of_symptoms_names_each_alert_once() throws IOException {
        List<String> named = Pattern.compile("(?m)^\\|[^|]*\\| `(\\w+)` \\| \\[\\1]")
                .matcher(part(text("docs/runbook.md"), "First steps"))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(named)
                .containsExactlyInAnyOrderElementsOf(
                        alerts().stream().map(Alert::name).toList());
    }

    @Test
    void each_finding_of_durability_has_a_fix_and_its_effect_on_the_start() throws IOException {
        Map<String, String> expected = FINDING.matcher(text(FINDINGS))
                .results()
                .collect(Collectors.toMap(
                        found -> found.group(1).toLowerCase(Locale.ROOT).replace('_', '-'),
                        found -> found.group(2).equals("true") ? "yes" : "no"));
        Map<String, String> documented = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| [^|]+ \\| (yes|no) \\|$")
                .matcher(text("docs/operations.md"))
                .results()
                .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
        assertThat(expected).hasSizeGreaterThan(10);
        assertThat(documented).isEqualTo(expected);
    }

    @Test
    void links_within_the_runbook_lead_to_a_heading() throws IOException {
        String runbook = text("docs/runbook.md");
        Map<String, String> anchors = HEADING.matcher(runbook)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toMap(RunbookTest::anchor, Function.identity()));
        List<String> linked = new ArrayList<>();
        LINK.matcher(runbook).results().forEach(link -> linked.add(link.group(1)));
        assertThat(linked).hasSizeGreaterThan(20).isSubsetOf(anchors.keySet());
    }
}
