package org.countersign.signature.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.domain.InvalidFieldsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The privacy notice in the settings of the service. */
class OrganisationNoticeTest {

    private static OrganisationNotice with(String contact, String retention) {
        return new OrganisationNotice("Trees", contact, "To plant trees", "The Mayor", retention, true);
    }

    @Test
    void complete_settings_are_the_notice_of_petitions_without_one() {
        assertThat(with("https://trees.example/privacy", "A year").notice())
                .hasValueSatisfying(notice -> assertThat(notice.consent()).isTrue());
    }

    @Test
    void each_missing_setting_is_named_with_its_fix() {
        OrganisationNotice incomplete = with(" ", "");
        assertThat(incomplete.notice()).isEmpty();
        FieldErrors errors = new FieldErrors();
        incomplete.orReject(errors);
        assertThatThrownBy(errors::throwIfAny)
                .isInstanceOfSatisfying(
                        InvalidFieldsException.class,
                        refused -> assertThat(refused.errors())
                                .extracting(error -> error.field() + " " + error.message())
                                .containsExactly(
                                        "notice.contact is missing: give an e-mail address or an https URL for"
                                                + " questions about the data, or have the operator"
                                                + " set COUNTERSIGN_NOTICE_CONTACT for all petitions",
                                        "notice.retention is missing: say how long the data of signers is kept,"
                                                + " or have the operator"
                                                + " set COUNTERSIGN_NOTICE_RETENTION for all petitions"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nobody",
                "http://trees.example/privacy",
                "javascript:alert(1)//@trees.example",
                "https://user:secret@trees.example/",
                "https:///privacy",
                "https://trees.example/ privacy",
                "data:text/html,x@trees.example"
            })
    void the_service_does_not_start_with_a_contact_that_pages_cannot_link(String contact) {
        assertThatThrownBy(() -> with(contact, "A year"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("COUNTERSIGN_NOTICE_CONTACT must be an e-mail address");
    }
}
