package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/security.md names tests that exist, and a state for each requirement. */
class SecurityDocumentTest {

    private static final Path HOME =
            Path.of(System.getProperty("basedir")).getParent().getParent();
    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z]+(?:Test|IT))`");

    private static List<String> rows() throws IOException {
        return Files.readAllLines(HOME.resolve("docs/security.md")).stream()
                .filter(line -> line.matches("\\| [0-9].*"))
                .toList();
    }

    @Test
    void every_named_test_exists() throws IOException {
        Set<String> tests;
        try (Stream<Path> files = Files.walk(HOME)) {
            tests = files.filter(file -> file.toString().contains("src/test/java"))
                    .map(file -> file.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
        Set<String> named = rows().stream()
                .flatMap(row -> TEST.matcher(row).results())
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
        assertThat(named).hasSizeGreaterThan(20).isSubsetOf(tests);
    }

    @Test
    void every_requirement_has_a_state_and_a_reason() throws IOException {
        assertThat(rows()).hasSizeGreaterThan(100).allSatisfy(row -> {
            String[] columns = row.split("\\|");
            assertThat(columns[3].strip()).isIn("holds", "short", "n/a");
            assertThat(columns[4].strip()).isNotEmpty();
        });
    }
}
