package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.countersign.cli.Countersign;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents say can be done. */
class ReadmeTest {

    private static final Path HOME =
            Path.of(System.getProperty("basedir")).getParent().getParent();

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        try (Stream<Path> top = Files.list(HOME);
                Stream<Path> docs = Files.walk(HOME.resolve("docs"))) {
            Stream.concat(top, docs)
                    .filter(path -> path.toString().endsWith(".md"))
                    .forEach(documents::add);
        }
        RepositoryConventionsTest.modules().stream()
                .map(module -> HOME.resolve(module).resolve("README.md"))
                .forEach(documents::add);
        return documents;
    }

    static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        for (Path document : documents()) {
            Files.readAllLines(document).stream()
                    .filter(line -> line.startsWith("    ./countersign "))
                    .map(line -> line.strip().replaceFirst("\\s{2,}#.*", ""))
                    .forEach(commands::add);
        }
        return commands;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_in_the_documents_is_one(String command) {
        List<String> words = Pattern.compile("\"([^\"]*)\"|(\\S+)")
                .matcher(command)
                .results()
                .map((MatchResult word) -> word.group(1) != null ? word.group(1) : word.group(2))
                .skip(1)
                .toList();
        // The script itself runs the tests, and the tests of the benchmarks look at the bench commands.
        if (!words.get(0).equals("test") && !words.get(0).equals("bench")) {
            assertThatCode(() -> Countersign.commandLine().parseArgs(words.toArray(String[]::new)))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void every_link_and_picture_in_the_documents_is_there() throws IOException {
        for (Path document : documents()) {
            Pattern.compile("\\]\\((?!https?:)([^)#]+)")
                    .matcher(Files.readString(document))
                    .results()
                    .forEach(link -> assertThat(document.getParent().resolve(link.group(1)))
                            .as("linked from " + document.getFileName())
                            .exists());
        }
    }
}
