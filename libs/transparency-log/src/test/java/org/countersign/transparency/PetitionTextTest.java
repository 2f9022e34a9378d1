package org.countersign.transparency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PetitionTextTest {

    private static final PetitionText TEXT =
            new PetitionText("A bench", "Put a *bench* there.", List.of("The Council", "The Mayor"), 100, "en");

    /** The digest was made with jq and sha256sum, as the documentation describes. */
    @Test
    void a_fingerprint_is_what_other_tools_compute() {
        assertThat(TEXT.canonical())
                .isEqualTo("{\"goal\":100,\"language\":\"en\",\"recipients\":[\"The Council\",\"The Mayor\"],"
                        + "\"statement\":\"Put a *bench* there.\",\"title\":\"A bench\"}");
        assertThat(TEXT.fingerprint()).isEqualTo("acc135e376f14f37c69cf03e263029f372da86652f8f3892b2085b1c4a7f5138");
        PetitionText escapes = new PetitionText(
                "\"Quoted\" \\ \u0531\u0580\u0561 \ud83d\ude00",
                "First line\nsecond\tcolumn / </script> \u00e9",
                List.of("\u0645\u062c\u0644\u0633"),
                1_000_000_000,
                "hy");
        assertThat(escapes.fingerprint()).isEqualTo("4ed083fbe87d5ed88bf8c76557a4e832a3c331083cbe78232e7b9e460c62fbbd");
    }

    @Test
    void one_changed_letter_changes_the_fingerprint() {
        Set<String> fingerprints = new HashSet<>();
        for (PetitionText text : List.of(
                TEXT,
                new PetitionText("A bench.", TEXT.statement(), TEXT.recipients(), 100, "en"),
                new PetitionText("A bench", "Put a *bench* here.", TEXT.recipients(), 100, "en"),
                new PetitionText("A bench", TEXT.statement(), List.of("The Mayor", "The Council"), 100, "en"),
                new PetitionText("A bench", TEXT.statement(), List.of("The Council\",\"The Mayor"), 100, "en"),
                new PetitionText("A bench", TEXT.statement(), TEXT.recipients(), 1000, "en"),
                new PetitionText("A bench", TEXT.statement(), TEXT.recipients(), 100, "fr"))) {
            assertThat(fingerprints.add(text.fingerprint())).as(text.toString()).isTrue();
        }
    }

    @Test
    void an_abbreviation_has_four_groups_of_four_digits() {
        assertThat(PetitionText.abbreviate("0123456789abcdef".repeat(4))).isEqualTo("0123 4567 89ab cdef");
    }
}
