package org.countersign.cli.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The report of a data protection officer. */
class PrivacyReportTest {

    private static String report(String organisation) {
        String answer = """
                        {"publicUrl": "https://petitions.example", "organisation": %s,
                         "retentionDays": {"unconfirmed": 7, "afterClosing": 90, "dataLinks": 365, "signals": 14,
                                           "accessLog": 365},
                         "petitions": [{"petition": "more-benches", "title": "Benches", "notice":
                                          {"version": 2, "controller": "Bench | Co", "consent": true}},
                                       {"petition": "old", "title": "Old", "notice": null}]}""".formatted(organisation);
        return PrivacyReport.of(JsonMapper.builder().build().readTree(answer), LocalDate.parse("2030-05-01"));
    }

    @Test
    void the_record_names_what_the_configuration_says() {
        String report = report("""
                {"controller": "Trees\\n<b>& Co", "contact": "privacy@trees.example", "purpose": "To plant",
                 "recipients": "The Mayor", "retention": "A year", "consent": true}""");
        assertThat(report)
                .contains(
                        "# Record of processing activities (Art. 30 GDPR)",
                        "Made on 2030-05-01 from the configuration of https://petitions.example.",
                        "| controller | Trees \\<b\\>\\& Co |",
                        "| legal basis | explicit consent (Art. 6(1)(a), Art. 9(2)(a)) |",
                        "| data of signers after the petition has closed | 90 days |",
                        "| more-benches | version 2 | Bench \\| Co | yes |",
                        "| old | **none** |  | no |",
                        "# Data protection impact assessment (Art. 35 GDPR): template",
                        "automatic erasure after 90 days")
                .doesNotContain("<b>", "%s");
        assertThat(report.lines().filter(line -> line.startsWith("|")))
                .allSatisfy(line -> assertThat(line).endsWith("|"));
    }

    @Test
    void a_missing_notice_is_to_be_filled_in() {
        assertThat(report("null"))
                .contains("| controller | *to be filled in* |", "| legal basis | *to be filled in* |");
    }
}
