package org.countersign.signature.people;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpCodesTest {

    /** The secret of RFC 6238, appendix B. */
    private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

    private static final Instant NOON = Instant.parse("2030-05-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "59, 287082",
        "1111111109, 081804",
        "1111111111, 050471",
        "1234567890, 005924",
        "2000000000, 279037",
        "20000000000, 353130"
    })
    void codes_are_those_of_the_standard(long second, String code) {
        assertThat(TotpCodes.at(SECRET, Instant.ofEpochSecond(second))).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"-20, true", "20, true", "-30, true", "59, true", "-31, false", "60, false"})
    void a_clock_may_be_wrong_by_half_a_minute(int seconds, boolean good) {
        String code = TotpCodes.at(SECRET, NOON.plusSeconds(seconds));
        assertThat(TotpCodes.step(SECRET, code, NOON).isPresent()).isEqualTo(good);
    }

    @Test
    void other_texts_are_no_codes() {
        for (String text : new String[] {"", "12345", "1234567", "１２３４５６", "x".repeat(100_000)}) {
            assertThat(TotpCodes.step(SECRET, text, NOON)).isEmpty();
        }
    }

    @Test
    void secrets_are_written_as_apps_read_them() {
        assertThat(TotpCodes.base32(SECRET)).isEqualTo("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assertThat(TotpCodes.base32("foob".getBytes(StandardCharsets.US_ASCII))).isEqualTo("MZXW6YQ");
    }
}
