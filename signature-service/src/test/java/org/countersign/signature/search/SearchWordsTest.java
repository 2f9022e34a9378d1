package org.countersign.signature.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.countersign.signature.domain.InvalidFieldsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the parameters of a list of petitions. */
class SearchWordsTest {

    @Test
    void characters_that_nobody_sees_are_no_part_of_the_words() {
        assertThat(SearchWords.parse("  more\u0000\ttrees\u200f\ud800 \u2028now "))
                .contains(new SearchWords("more trees now"));
        assertThat(SearchWords.parse("Ba\u0308ume")).contains(new SearchWords("B\u00e4ume"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u0000", "\u00a0\u2003", "\ud83c"})
    void nothing_but_such_characters_is_no_search(String typed) {
        assertThat(SearchWords.parse(typed)).isEmpty();
    }

    @Test
    void a_long_search_is_refused() {
        assertThat(SearchWords.parse("\ud83c\udf33".repeat(200))).isPresent();
        assertThatThrownBy(() -> SearchWords.parse("x".repeat(201))).hasMessage("must have at most 200 characters");
        assertThatThrownBy(() -> SearchWords.parse("x ".repeat(13))).hasMessage("must have at most 12 words");
    }

    @ParameterizedTest
    @CsvSource({
        "q, 13 words: a b c d e f g h i j k, , ,",
        "topic, , trees, ,",
        "sort, , , oldest,",
        "page, , , , 0",
        "page, , , , -1",
        "page, , , , 9999999999",
        "page, , , , \u0661"
    })
    void a_mistake_names_its_parameter(String field, String words, String topic, String order, String page) {
        assertThatThrownBy(() -> ListQuery.parse(words, topic, order, page))
                .isInstanceOfSatisfying(
                        InvalidFieldsException.class,
                        refused -> assertThat(refused.errors())
                                .extracting(InvalidFieldsException.FieldError::field)
                                .containsExactly(field));
    }

    @Test
    void empty_parameters_of_a_form_count_as_absent() {
        assertThat(ListQuery.parse(" ", "", "", ""))
                .isEqualTo(new ListQuery(Optional.empty(), Optional.empty(), Optional.empty(), 1));
        assertThat(ListQuery.parse("trees", "human-rights", "signed", "2").parameters())
                .isEqualTo(Map.of("q", "trees", "topic", "human-rights", "sort", "signed", "page", "2"));
    }
}
