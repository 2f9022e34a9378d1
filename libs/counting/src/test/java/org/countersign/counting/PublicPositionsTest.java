package org.countersign.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.countersign.events.CountryCode;
import org.countersign.events.EventType;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionSlug;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureStatus;
import org.junit.jupiter.api.Test;

class PublicPositionsTest {

    private static final Instant START = Instant.parse("2030-05-01T12:00:00Z");

    private final Map<String, PetitionCounts> counts = new HashMap<>();
    private Fold fold = new Fold(counts);
    private long index;

    @Test
    void public_events_and_milestones_take_the_next_position_over_all_petitions() {
        publish("trees", 2);
        publish("bench", 100);
        signAndConfirm("trees");
        signAndConfirm("bench");
        signAndConfirm("trees");
        signAndConfirm("bench");

        assertThat(position("trees"))
                .as("the milestone directly after position 5")
                .isEqualTo(6);
        assertThat(position("bench")).isEqualTo(7);
        assertThat(fold.position()).isEqualTo(7);
        assertThat(fold.publicMilestones())
                .extracting(
                        Fold.PublicMilestone::position,
                        reached -> reached.event().threshold())
                .containsExactly(tuple(6L, 2L));
    }

    @Test
    void events_that_are_not_public_move_neither_position_nor_time() {
        publish("trees", 100);
        signAndConfirm("trees");
        Instant asOf = counted("trees").asOf();
        for (SignatureStatus[] move : new SignatureStatus[][] {
            {SignatureStatus.NONE, SignatureStatus.PENDING},
            {SignatureStatus.PENDING, SignatureStatus.EXPIRED},
            {SignatureStatus.PENDING, SignatureStatus.WITHDRAWN},
            {SignatureStatus.VERIFIED, SignatureStatus.VERIFIED}
        }) {
            move("trees", move[0], move[1]);
        }

        assertThat(position("trees")).isEqualTo(2);
        assertThat(counted("trees").asOf()).isEqualTo(asOf);
        assertThat(counted("trees").asOfIndex()).as("for auditors").isEqualTo(index);
    }

    @Test
    void a_fold_continues_after_the_position_of_the_last_batch() {
        publish("trees", 100);
        signAndConfirm("trees");
        fold = new Fold(counts, fold.position());
        signAndConfirm("trees");

        assertThat(position("trees")).isEqualTo(3);
    }

    @Test
    void an_event_of_an_unknown_petition_changes_nothing() {
        publish("trees", 100);
        assertThatThrownBy(() -> move("forged", SignatureStatus.PENDING, SignatureStatus.VERIFIED))
                .isInstanceOf(IllegalStateException.class);

        assertThat(fold.position()).isEqualTo(1);
        assertThat(fold.events()).isEqualTo(1);
    }

    @Test
    void signatures_are_counted_by_status() {
        publish("trees", 100);
        move("trees", SignatureStatus.NONE, SignatureStatus.PENDING);
        move("trees", SignatureStatus.NONE, SignatureStatus.PENDING);
        move("trees", SignatureStatus.PENDING, SignatureStatus.EXPIRED);
        move("trees", SignatureStatus.PENDING, SignatureStatus.INVALIDATED);

        PetitionCounts trees = counted("trees");
        assertThat(trees.pending()).isZero();
        assertThat(trees.signatures(SignatureStatus.EXPIRED)).isEqualTo(1);
        assertThat(trees.signatures(SignatureStatus.INVALIDATED)).isEqualTo(1);
    }

    private void publish(String petition, long goal) {
        PetitionPublished published = new PetitionPublished(
                new PetitionSlug(petition),
                time(),
                "Title",
                "Please.",
                List.of("The Mayor"),
                goal,
                List.of(goal),
                "en",
                Optional.empty(),
                new Sealed(new byte[1]));
        index++;
        fold.add(new CountedEvent(
                index,
                EventType.PETITION_PUBLISHED,
                published.petition(),
                published.at(),
                Optional.empty(),
                Optional.of(published)));
    }

    private void signAndConfirm(String petition) {
        move(petition, SignatureStatus.NONE, SignatureStatus.PENDING);
        move(petition, SignatureStatus.PENDING, SignatureStatus.VERIFIED);
    }

    private void move(String petition, SignatureStatus was, SignatureStatus becomes) {
        index++;
        fold.add(new CountedEvent(
                index,
                EventType.SIGNATURE_VERIFIED,
                new PetitionSlug(petition),
                time(),
                Optional.of(new StatusTransition(was, becomes, new CountryCode("AM"))),
                Optional.empty()));
    }

    private Instant time() {
        return START.plusSeconds(index);
    }

    private long position(String petition) {
        return counted(petition).position();
    }

    private PetitionCounts counted(String petition) {
        return Objects.requireNonNull(counts.get(petition));
    }
}
