package org.countersign.cli.petition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.countersign.localstack.client.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the options of {@code publish} add to a file. */
class PublishCommandTest {

    private static final String SAVED_PAGE = "A title\n\n3 have signed. Let's get to 10!\n\n%sPlease.";
    private static final String MARKDOWN = "---\ntitle: A roof\n%sgoal: 300\n---\nIt rains.";

    @TempDir
    private Path directory;

    private Map<String, Object> petition(String text, String... options) throws IOException {
        Path file = Files.writeString(directory.resolve("petition"), text);
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add(file.toString());
        PublishCommand command = new PublishCommand();
        new CommandLine(command).parseArgs(arguments.toArray(String[]::new));
        return command.petition();
    }

    @Test
    void to_gives_the_recipients_of_a_saved_page_without_a_to_line() throws IOException {
        assertThat(petition(SAVED_PAGE.formatted(""), "--to", "The council", "--to", "The Mayor, by post"))
                .containsEntry("recipients", List.of("The council", "The Mayor, by post"))
                .containsEntry("statement", "Please.");
    }

    @Test
    void to_replaces_the_recipients_of_the_file() throws IOException {
        assertThat(petition(SAVED_PAGE.formatted("To: The board, The guild\n\n"), "--to", "The council"))
                .containsEntry("recipients", List.of("The council"))
                .containsEntry("statement", "Please.");
        assertThat(petition(MARKDOWN.formatted("recipients: [The board]\n"), "--to", "The council"))
                .containsEntry("recipients", List.of("The council"));
    }

    @Test
    void to_gives_the_recipients_of_markdown_that_names_none() throws IOException {
        assertThat(petition(MARKDOWN.formatted(""), "--to", "The council"))
                .containsEntry("recipients", List.of("The council"));
    }

    @Test
    void without_to_the_recipients_of_the_file_remain() throws IOException {
        assertThat(petition(MARKDOWN.formatted("recipients: [The board]\n")))
                .containsEntry("recipients", List.of("The board"));
    }

    @Test
    void a_blank_recipient_reaches_the_service_which_names_the_field() throws IOException {
        assertThat(petition(SAVED_PAGE.formatted(""), "--to", " ")).containsEntry("recipients", List.of(" "));
    }

    @Test
    void a_saved_page_without_recipients_names_the_option_to_give_them() {
        assertThatThrownBy(() -> petition(SAVED_PAGE.formatted("")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--to \"The council\"");
    }

    @Test
    void a_file_without_a_goal_is_refused_with_the_option_that_gives_it() {
        assertThatThrownBy(() -> petition("A title\nTo: The council\n\nPlease."))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--goal");
    }
}
