package org.countersign.signature.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.support.access.Role;
import org.junit.jupiter.api.Test;

class GrantsTest {

    private static final UUID OWN = new UUID(0, 7);
    private static final UUID FOREIGN = new UUID(0, 8);

    private static Petition petition(String slug, UUID organisation) {
        return new Petition(
                new PetitionSlug(slug),
                "Trees",
                "Please.",
                List.of("The Mayor"),
                100,
                List.of(),
                "en",
                "Olga",
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                organisation,
                true);
    }

    private static Grants of(Role role, String petition) {
        return new Grants(false, false, List.of(new Membership(OWN, role, petition)));
    }

    @Test
    void a_role_for_all_petitions_reaches_those_of_its_organisation_only() {
        Grants grants = of(Role.EDITOR, "");
        assertThat(grants.sees(petition("trees", OWN))).isTrue();
        assertThat(grants.has(Set.of(Role.EDITOR, Role.PUBLISHER), petition("trees", OWN)))
                .isTrue();
        assertThat(grants.has(Set.of(Role.MODERATOR), petition("trees", OWN))).isFalse();
        assertThat(grants.sees(petition("trees", FOREIGN))).isFalse();
        assertThat(grants.sees(FOREIGN)).isFalse();
    }

    @Test
    void a_role_for_one_petition_is_no_role_in_the_organisation() {
        Grants grants = of(Role.PUBLISHER, "trees");
        assertThat(grants.sees(petition("trees", OWN))).isTrue();
        assertThat(grants.sees(petition("parks", OWN))).isFalse();
        assertThat(grants.sees(petition("trees", FOREIGN))).isFalse();
        assertThat(grants.hasSomewhere(Set.of(Role.PUBLISHER))).isTrue();
        assertThat(grants.has(Set.of(Role.PUBLISHER), OWN)).isFalse();
        assertThat(grants.organisations(Role.PUBLISHER)).isEmpty();
    }

    @Test
    void the_operator_of_the_installation_sees_organisations_and_no_petitions() {
        Grants grants = new Grants(false, true, List.of());
        assertThat(grants.sees(FOREIGN)).isTrue();
        assertThat(grants.sees(petition("trees", FOREIGN))).isFalse();
        assertThat(grants.has(Set.of(Role.OPERATOR), FOREIGN)).isFalse();
    }
}
