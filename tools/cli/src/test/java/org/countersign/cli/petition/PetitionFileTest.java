package org.countersign.cli.petition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.countersign.localstack.client.UserException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PetitionFileTest {

    private static Map<String, Object> page(String name) {
        try (InputStream in = PetitionFileTest.class.getResourceAsStream(name)) {
            return PetitionFile.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String statement(String name) {
        return page(name).get("statement").toString();
    }

    @Nested
    class APageSavedAsText {

        @Test
        void takes_its_title_from_the_first_line_that_is_not_empty() {
            assertThat(page("night-ferry.txt")).containsEntry("title", "Keep the night ferry to Otter Island");
            assertThat(page("library-cat.txt")).containsEntry("title", "Let the library cat stay");
            assertThat(page("bells.txt")).containsEntry("title", "Ring the bells of Hollow Green at noon again");
        }

        @Test
        void takes_its_goal_from_the_line_with_the_number_of_signatures() {
            assertThat(page("night-ferry.txt")).containsEntry("goal", 25_000L);
            assertThat(page("library-cat.txt")).containsEntry("goal", 2_500L);
            assertThat(page("bells.txt")).containsEntry("goal", 100L);
        }

        @ParameterizedTest
        @ValueSource(strings = {"night-ferry.txt", "library-cat.txt", "bells.txt"})
        void does_not_include_the_number_of_signatures_in_its_statement(String name) {
            assertThat(statement(name)).doesNotContain("have signed").doesNotContain("get to");
        }

        @Test
        void takes_its_recipients_from_the_to_line() {
            assertThat(page("night-ferry.txt"))
                    .containsEntry(
                            "recipients",
                            List.of(
                                    "Minister for Islands",
                                    "Harbour Board of Saltwick",
                                    "Otter Island Council",
                                    "Director of the Ferry Line",
                                    "Coastal Ombudsman",
                                    "Union of Pilots"));
            assertThat(page("bells.txt"))
                    .containsEntry(
                            "recipients", List.of("Parish Council", "Bishop of the Marches", "Friends of the Tower"));
            assertThat(statement("night-ferry.txt")).doesNotContain("To:").doesNotContain("Coastal Ombudsman");
        }

        @Test
        void does_not_split_a_recipient_at_the_word_and() {
            assertThat(page("library-cat.txt"))
                    .containsEntry("recipients", List.of("The Library Trust and the Borough of Elmsworth"));
        }

        @Test
        void converts_numbered_sections_to_headings() {
            assertThat(statement("night-ferry.txt").lines().filter(line -> line.startsWith("#")))
                    .containsExactly(
                            "## 1. The last boat is not a luxury",
                            "## 2. What does it cost?",
                            "## 3. Who decides?  The Harbour Board of Saltwick");
        }

        @Test
        void converts_consecutive_numbered_lines_to_a_list() {
            assertThat(statement("bells.txt")).startsWith("1. The bells are mended.\n2. The ringers are ready.");
        }

        @Test
        void converts_bullets_of_every_kind_to_list_items() {
            assertThat(statement("night-ferry.txt").lines().filter(line -> line.startsWith("- ")))
                    .containsExactly(
                            "- Keep the 23:10 crossing all the year round, Sundays too;",
                            "- Publish the ferry’s accounts.",
                            "- Give the crew the two extra hands they ask for.",
                            "- a night on a bench in the terminal;",
                            "- a water taxi at six times the fare.");
            assertThat(statement("library-cat.txt")).contains("- She harms no book.\n- She warms the radiator seat.");
        }

        @Test
        void keeps_its_citation_marks() {
            assertThat(statement("night-ferry.txt"))
                    .contains("4,112 people [1]")
                    .contains("nine cats [2]")
                    .contains("the pier [3]");
            assertThat(statement("library-cat.txt")).contains("(see [1], [2] and [3])");
        }

        @Test
        void keeps_a_number_at_the_start_of_a_sentence() {
            assertThat(statement("bells.txt")).contains("10 000 of us hear nothing at noon.");
        }

        @Test
        void escapes_markdown_and_html_characters() {
            assertThat(statement("library-cat.txt")).contains("Sign \\*now\\* & tell a friend \\<please>.");
        }

        @Test
        void without_recipients_is_refused_with_the_option_that_gives_them() {
            assertThatThrownBy(() -> PetitionFile.read("A title\n\n3 have signed. Let's get to 10!\n\nPlease."))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("no line begins with \"To:\"")
                    .hasMessageContaining("--to \"The council\"");
            assertThatThrownBy(() -> PetitionFile.read(" \n\n"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("The file is empty.");
        }

        @Test
        void takes_its_recipients_from_the_caller_if_it_names_none() {
            List<String> given = List.of("The council", "The Mayor of Saltwick, by post");
            Map<String, Object> petition =
                    PetitionFile.read("A title\n\n3 have signed. Let's get to 10!\n\nPlease.", given);
            assertThat(petition)
                    .containsEntry("title", "A title")
                    .containsEntry("goal", 10L)
                    .containsEntry("recipients", given)
                    .containsEntry("statement", "Please.");
        }
    }

    @Nested
    class MarkdownWithFrontMatter {

        @Test
        void provides_its_fields_and_its_statement_unchanged() {
            Map<String, Object> petition = PetitionFile.read("""
                    ---
                    title: A roof for the market
                    slug: market-roof
                    recipients: [The Mayor, "The Guild, by post"]
                    goal: 300
                    milestones: [30, 150]
                    closesAt: 2031-06-01T12:00:00Z
                    topics: [housing, human-rights]
                    organiser:
                      name: Odile Organiser
                      email: odile@market.example
                    ---

                    It **rains** on the cheese.

                    ---

                    And on the cheesemonger.
                    """);
            assertThat(petition)
                    .containsEntry("title", "A roof for the market")
                    .containsEntry("slug", "market-roof")
                    .containsEntry("recipients", List.of("The Mayor", "The Guild, by post"))
                    .containsEntry("goal", 300)
                    .containsEntry("milestones", List.of(30, 150))
                    .containsEntry("closesAt", "2031-06-01T12:00:00Z")
                    .containsEntry("topics", List.of("housing", "human-rights"))
                    .containsEntry("organiser", Map.of("name", "Odile Organiser", "email", "odile@market.example"))
                    .containsEntry("statement", "It **rains** on the cheese.\n\n---\n\nAnd on the cheesemonger.");
        }

        @Test
        void with_an_unknown_field_is_refused_with_its_name() {
            assertThatThrownBy(() -> PetitionFile.read("---\ntitel: A roof\n---\nText"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("'titel'")
                    .hasMessageContaining("title");
        }

        @Test
        void with_invalid_yaml_is_refused_with_the_line() {
            assertThatThrownBy(() -> PetitionFile.read("---\ntitle: A roof\ngoal: [3\n---\nText"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("not YAML. Line ");
        }

        @Test
        void with_a_forbidden_character_is_refused_with_its_code_point() {
            assertThatThrownBy(() -> PetitionFile.read("---\ntitle: A \u0000roof\n---\nText"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("U+0000");
        }

        @Test
        void without_an_end_of_the_front_matter_is_refused() {
            assertThatThrownBy(() -> PetitionFile.read("---\ntitle: A roof\nText"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("does not end");
        }

        @Test
        void does_not_instantiate_classes_that_the_yaml_names() {
            assertThatThrownBy(() -> PetitionFile.read("---\ntitle: !!java.net.URL [\"http://127.0.0.1/\"]\n---\nText"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("not YAML");
        }
    }
}
