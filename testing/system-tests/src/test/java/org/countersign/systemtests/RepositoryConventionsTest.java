package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The conventions of CONTRIBUTING.md that no compiler checks. */
class RepositoryConventionsTest {

    private static final Path HOME =
            Path.of(System.getProperty("basedir")).getParent().getParent();
    private static final int MAX_COLUMNS = 120;
    private static final int MAX_LINES = 400;
    private static final int MAX_README_LINES = 120;
    private static final int MAX_MODULE_README_LINES = 15;
    private static final Pattern MODULE = Pattern.compile("<module>(.*?)</module>");
    private static final Pattern NOT_CODE =
            Pattern.compile("(?s)/\\*.*?\\*/|//[^\\n]*|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"");
    private static final Pattern TYPE = Pattern.compile(
            "\\b(?:class|record|enum|interface)\\s+([A-Z]\\w*)(?=\\s*[<({]|\\s+(?:extends|implements|permits)\\b)");
    /** Message bundles hold one translation a line. */
    private static final Pattern WRAPPED_FILE = Pattern.compile(".*\\.(java|sql|html|css|js|yml|txt)");

    static List<String> modules() throws IOException {
        return MODULE.matcher(Files.readString(HOME.resolve("pom.xml")))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    private static List<Path> mainFiles(Predicate<Path> wanted) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String module : modules()) {
            Path main = HOME.resolve(module).resolve("src/main");
            if (Files.exists(main)) {
                try (Stream<Path> found = Files.walk(main)) {
                    found.filter(Files::isRegularFile).filter(wanted).forEach(files::add);
                }
            }
        }
        assertThat(files).isNotEmpty();
        return files;
    }

    private static boolean isJava(Path file) {
        return file.toString().endsWith(".java");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void no_line_of_main_code_has_more_than_120_columns() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : mainFiles(path -> WRAPPED_FILE.matcher(path.toString()).matches())) {
            List<String> lines = read(file).lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).length() > MAX_COLUMNS) {
                    tooLong.add(HOME.relativize(file) + ":" + (i + 1));
                }
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void no_class_file_of_main_code_has_more_than_400_lines() throws IOException {
        assertThat(mainFiles(RepositoryConventionsTest::isJava))
                .allSatisfy(file -> assertThat(read(file).lines().count())
                        .as(HOME.relativize(file).toString())
                        .isLessThanOrEqualTo(MAX_LINES));
    }

    @Test
    void a_class_name_stands_for_one_thing() throws IOException {
        Map<String, Set<String>> places = new HashMap<>();
        for (Path file : mainFiles(RepositoryConventionsTest::isJava)) {
            String code = NOT_CODE.matcher(read(file)).replaceAll("");
            TYPE.matcher(code)
                    .results()
                    .forEach(found -> places.computeIfAbsent(found.group(1), name -> new TreeSet<>())
                            .add(HOME.relativize(file).toString()));
        }
        places.values().removeIf(files -> files.size() == 1);
        assertThat(places).isEmpty();
    }

    @Test
    void every_package_has_a_description_and_is_null_marked() throws IOException {
        Set<Path> packages = new TreeSet<>();
        for (Path file : mainFiles(RepositoryConventionsTest::isJava)) {
            packages.add(file.getParent());
        }
        assertThat(packages).allSatisfy(folder -> {
            Path description = folder.resolve("package-info.java");
            assertThat(description).exists();
            assertThat(read(description)).as(folder.toString()).matches("(?s)/\\*\\*.*[a-z].*\\*/\\s*@NullMarked\\s.*");
        });
    }

    @ParameterizedTest
    @MethodSource("modules")
    void a_module_has_a_short_readme_of_the_common_shape(String module) {
        Path readme = HOME.resolve(module).resolve("README.md");
        assertThat(readme).exists();
        String text = read(readme);
        assertThat(text.lines().count()).isLessThanOrEqualTo(MAX_MODULE_README_LINES);
        assertThat(text.lines().filter(line -> line.startsWith("**")))
                .extracting(line -> line.replaceFirst("^\\*\\*(.*?)\\*\\*.*", "$1"))
                .containsExactly("What it is.", "What may depend on it.", "How to run its tests.");
    }

    @Test
    void the_readme_is_short() {
        assertThat(read(HOME.resolve("README.md")).lines().count()).isLessThanOrEqualTo(MAX_README_LINES);
    }
}
