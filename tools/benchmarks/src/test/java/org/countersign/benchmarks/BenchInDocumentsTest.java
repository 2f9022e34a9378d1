package org.countersign.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchInDocumentsTest {

    private static final Path HOME =
            Path.of(System.getProperty("basedir")).getParent().getParent();
    private static final String COMMAND = "    ./countersign bench";

    @Test
    void every_bench_command_in_the_documents_is_valid() throws Exception {
        List<String> commands = new ArrayList<>();
        for (String document : List.of("README.md", "docs/commands.md", "docs/performance.md")) {
            Files.readAllLines(HOME.resolve(document)).stream()
                    .filter(line -> line.startsWith(COMMAND))
                    .forEach(commands::add);
        }
        assertThat(commands).isNotEmpty();
        for (String command : commands) {
            String[] words = command.substring(COMMAND.length())
                    .replaceFirst("\\s{2,}#.*", "")
                    .strip()
                    .split("\\s+");
            assertThatCode(() -> Bench.commandLine()
                            .parseArgs(Arrays.stream(words)
                                    .filter(word -> !word.isEmpty())
                                    .toArray(String[]::new)))
                    .as(command)
                    .doesNotThrowAnyException();
        }
    }
}
