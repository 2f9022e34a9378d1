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

class PetitionsTest extends RunningService {

    @Autowired
    private EventLog log;

    @Autowired
    private Vault vault;

    @Test
    void a_published_petition_is_found_by_all_instances_at_once() {
        Petitions other = new Petitions(log, vault, Clock.systemUTC());
        String petition = publishedPetition();
        assertThat(other.find(new PetitionSlug(petition)))
                .hasValueSatisfying(found -> assertThat(found.title()).isEqualTo("A bench under the lime tree"));
        assertThatThrownBy(() -> other.get("nobody-has-published-this")).isInstanceOf(Rejection.class);
    }
}
