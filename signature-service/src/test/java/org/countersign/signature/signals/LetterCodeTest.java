package org.countersign.signature.signals;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LetterCodeTest {

    @ParameterizedTest
    @CsvSource({"AM, AM", "am, AM", "ZZ, ZZ", "hyw, HYW", "zzz, ZZZ", "a, A"})
    void a_code_comes_back_in_upper_case(String code, String text) {
        assertThat(LetterCode.text(LetterCode.of(code))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "latn", "a1", "é", "[]", "``", "{{"})
    void what_is_no_code_of_letters_has_none(String code) {
        assertThat(LetterCode.of(code)).isEqualTo(LetterCode.NONE);
        assertThat(LetterCode.text(LetterCode.NONE)).isEmpty();
    }
}
