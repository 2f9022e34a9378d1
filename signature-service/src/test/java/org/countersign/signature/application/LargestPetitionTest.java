package org.countersign.signature.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.personaldata.Vault;
import org.countersign.support.keys.KeyRing;
import org.junit.jupiter.api.Test;

class LargestPetitionTest {

    private static final Instant NOW = Instant.parse("2030-05-01T12:00:00Z");
    private static final String TREE = "\ud83c\udf33";

    private final Vault vault =
            new Vault(KeyRing.parse("KEYS", "1:" + Base64.getEncoder().encodeToString(new byte[32])));

    private static final OrganisationNotice NONE = new OrganisationNotice("", "", "", "", "", false);

    private static PetitionRequest request(String statement, List<String> recipients) {
        return new PetitionRequest(
                "trees",
                "Trees",
                statement,
                recipients,
                100L,
                List.of(),
                new PetitionRequest.Organiser("Olga", "olga@example.org"),
                null,
                "en",
                null,
                new NoticeForm("Olga’s Trees", "olga@example.org", "To plant trees", "The Mayor", "A year", null),
                null,
                null);
    }

    @Test
    void a_petition_that_fills_an_entry_of_the_public_log_is_published() {
        assertThat(request(TREE.repeat(12_000), List.of(TREE.repeat(200)))
                        .command(vault, NOW, NONE, Petition.FIRST_ORGANISATION)
                        .statement())
                .hasSize(24_000);
    }

    @Test
    void a_petition_larger_than_an_entry_of_the_public_log_is_refused() {
        PetitionRequest request = request(TREE.repeat(12_000), Collections.nCopies(50, TREE.repeat(200)));
        assertThatThrownBy(() -> request.command(vault, NOW, NONE, Petition.FIRST_ORGANISATION))
                .isInstanceOfSatisfying(
                        InvalidFieldsException.class,
                        refused -> assertThat(refused.errors())
                                .containsExactly(new InvalidFieldsException.FieldError(
                                        "statement", "must have at most 60000 bytes with title and recipients")));
    }
}
