package org.countersign.signature.domain.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureStatus;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.signature.SignatureModel.Step;
import org.junit.jupiter.api.Test;

/** The state machine of a signature: the table in the documents, and every sequence of six steps. */
class SignatureStatesTest {

    private static final Path TABLE = Path.of("../docs/signature-states.md");
    private static final int STEPS = 6;

    @Test
    void the_table_in_the_documents_lists_every_decision() throws Exception {
        List<String> documented = Files.readAllLines(TABLE).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| state ") && !line.startsWith("| --- "))
                .toList();
        assertThat(documented).containsExactlyElementsOf(table());
    }

    /** Returns the table: each state that six steps can reach, in the order of discovery, and each step. */
    private static List<String> table() {
        Map<String, SignatureModel> byState = new LinkedHashMap<>();
        explore(model -> byState.putIfAbsent(model.stateText(), model));
        return byState.values().stream()
                .flatMap(model -> List.of(Step.values()).stream()
                        .filter(step -> step != Step.CONFIRM_FIRST)
                        .map(step -> row(model, step)))
                .toList();
    }

    private static String row(SignatureModel model, Step step) {
        String outcome;
        try {
            List<SignatureEvent> events = model.decide(step);
            outcome = events.isEmpty()
                    ? "no event"
                    : events.stream()
                            .map(event -> event.getClass().getSimpleName())
                            .collect(Collectors.joining(", "));
        } catch (Rejection e) {
            outcome = "rejected: " + e.reason().text();
        }
        return "| " + model.stateText() + " | " + step + " | " + outcome + " | "
                + model.after(step).stateText() + " |";
    }

    private interface Visitor {
        void visit(SignatureModel model);
    }

    /** Visits every history that at most six steps can produce. A history that is known continues once. */
    private static void explore(Visitor visitor) {
        Map<List<SignatureEvent>, Integer> seen = new HashMap<>();
        Deque<SignatureModel> next = new ArrayDeque<>(List.of(SignatureModel.none()));
        seen.put(List.of(), 0);
        while (!next.isEmpty()) {
            SignatureModel model = next.remove();
            visitor.visit(model);
            int depth = seen.get(model.events());
            if (depth == STEPS) {
                continue;
            }
            for (Step step : Step.values()) {
                SignatureModel after = model.after(step);
                if (seen.putIfAbsent(after.events(), depth + 1) == null) {
                    next.add(after);
                }
            }
        }
    }

    @Test
    void each_event_begins_where_the_one_before_ended_and_a_person_counts_at_most_once() {
        explore(model -> {
            SignatureStatus status = SignatureStatus.NONE;
            int counted = 0;
            for (SignatureEvent event : model.events()) {
                assertThat(event.was()).as("%s", model.events()).isEqualTo(status);
                status = event.becomes();
                counted += (event.becomes() == SignatureStatus.VERIFIED ? 1 : 0)
                        - (event.was() == SignatureStatus.VERIFIED ? 1 : 0);
                assertThat(counted).isBetween(0, 1);
            }
            if (model.isSigned()) {
                assertThat(model.state().status()).isEqualTo(status);
            }
        });
    }

    @Test
    void from_each_state_the_signer_can_get_out() {
        explore(model -> {
            if (model.isSigned()) {
                // The newest mail is that of the sign call, which everybody can make.
                SignatureModel out = model.after(Step.SIGN, Step.WITHDRAW);
                assertThat(out.state().consent()).as("%s", model.events()).isEqualTo(SignatureStatus.WITHDRAWN);
            }
        });
    }

    @Test
    void from_each_state_that_is_not_invalidated_the_signer_can_be_counted() {
        explore(model -> {
            if (model.isSigned()) {
                SignatureModel valid = model.after(Step.REINSTATE);
                SignatureModel counted = valid.after(Step.SIGN, Step.CONFIRM);
                assertThat(counted.state().status()).as("%s", model.events()).isEqualTo(SignatureStatus.VERIFIED);
            }
        });
    }

    @Test
    void only_a_reinstatement_ends_an_invalidation() {
        explore(model -> {
            if (model.isSigned() && model.state().isInvalidated()) {
                for (Step step : Step.values()) {
                    assertThat(model.after(step).state().isInvalidated()).isEqualTo(step != Step.REINSTATE);
                }
            }
        });
    }

    @Test
    void personal_data_has_an_end() {
        explore(model -> {
            if (model.isSigned()) {
                SignatureModel erased = model.after(Step.ERASE);
                assertThat(erased.state().isErased()).isTrue();
                assertThat(erased.state().consent()).isNotEqualTo(SignatureStatus.PENDING);
                if (model.state().consent() == SignatureStatus.PENDING) {
                    SignatureModel expired = model;
                    while (expired.state().consent() == SignatureStatus.PENDING) {
                        expired = expired.after(Step.EXPIRE);
                    }
                    assertThat(expired.state().isErased()).isTrue();
                }
            }
        });
    }
}
