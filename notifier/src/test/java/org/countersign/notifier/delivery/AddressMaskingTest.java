package org.countersign.notifier.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressMaskingTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sona@example.org                                   | s…@e….org
            a@b.co                                             | a…@b….co
            550 5.1.1 <sona.signer@mail.example.org>: no user  | 550 5.1.1 <s…@m….org>: no user
            to sona@localhost and ani+x@example.com.           | to s…@l… and a…@e….com.
            nothing to hide                                    | nothing to hide
            """)
    void hides_every_address_in_a_text(String text, String masked) {
        assertThat(AddressMasking.mask(text)).isEqualTo(masked);
    }
}
