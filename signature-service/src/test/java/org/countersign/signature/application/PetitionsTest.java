package org.countersign.signature.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.RunningService;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.personaldata.Vault;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What one instance has published, another one knows when it is asked. */
class PetitionsTest extends RunningService {

    @Autowired
    private EventLog log;

    @Autowired
    private Vault vault;

    @Test
    void a_petition_is_known_to_all_instances_as_soon_as_one_has_published_it() {
        Petitions other = new Petitions(log, vault, Clock.systemUTC());
        String petition = publishedPetition();
        assertThat(other.find(new PetitionSlug(petition)))
                .hasValueSatisfying(found -> assertThat(found.title()).isEqualTo("A bench under the lime tree"));
        assertThatThrownBy(() -> other.get("nobody-has-published-this")).isInstanceOf(Rejection.class);
    }
}
