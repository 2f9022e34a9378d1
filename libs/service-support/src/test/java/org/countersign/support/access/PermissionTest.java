package org.countersign.support.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.countersign.support.access.Permission.Subject;
import org.junit.jupiter.api.Test;

class PermissionTest {

    @Test
    void a_rule_whose_path_lacks_what_its_permission_is_for_stops_the_start() {
        for (Subject subject : Set.of(Subject.PETITION, Subject.SIGNATURE, Subject.CASE, Subject.ORGANISATION)) {
            assertThatThrownBy(() ->
                            AccessRules.rules().calls(Permission.organiser(subject, Role.EDITOR), "GET", "/api/things"))
                    .hasMessageContaining("/api/things names no " + subject);
        }
    }

    @Test
    void a_permission_for_a_petition_needs_a_role_and_one_for_the_installation_has_none() {
        assertThatThrownBy(() -> Permission.organiser(Subject.PETITION)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Permission.auditor(Subject.INSTALLATION, Role.AUDITOR))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_roles_are_named_in_the_order_of_their_rights() {
        assertThat(Permission.organiser(Subject.OWN_PETITIONS, Role.PUBLISHER, Role.EDITOR)
                        .rolesInWords())
                .isEqualTo("editor or publisher");
        assertThat(Permission.organiser(Subject.INSTALLATION).rolesInWords()).isEqualTo("operator of the installation");
    }
}
