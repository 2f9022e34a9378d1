package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code countersign burst}, small. */
class BurstIT {

    @TempDir
    private Path directory;

    private final RunningStack stack = RunningStack.shared();

    @Test
    void everybody_who_signs_confirms_repeats_and_withdraws_is_counted_exactly() throws IOException {
        Path json = directory.resolve("figures/burst.json");
        RunningStack.Ended burst = stack.run(
                "burst",
                "--signatures",
                "600",
                "--rate",
                "200",
                "--clients",
                "16",
                "--verify",
                "0.3",
                "--withdraw",
                "0.1",
                "--duplicates",
                "0.1",
                "--json",
                json.toString());

        assertThat(burst.output()).contains("lost").contains("counterExactlyRight");
        assertThat(burst.status()).as(burst.output()).isZero();
        JsonNode figures = JsonMapper.builder().build().readTree(Files.readString(json));
        assertThat(figures.get("lost").asLong()).isZero();
        assertThat(figures.get("accepted").asLong() + figures.get("duplicates").asLong())
                .isEqualTo(600);
        assertThat(figures.get("duplicates").asLong()).isPositive();
        assertThat(figures.get("confirmed").asLong())
                .isGreaterThan(figures.get("withdrawn").asLong());
        assertThat(figures.get("withdrawn").asLong()).isPositive();
        JsonNode counts = stack.counts(figures.get("petition").asString());
        assertThat(counts.get("verified").asLong())
                .isEqualTo(figures.get("confirmed").asLong()
                        - figures.get("withdrawn").asLong());
        assertThat(stack.funnel(figures.get("petition").asString())
                        .get("withdrawn")
                        .asLong())
                .isEqualTo(figures.get("withdrawn").asLong());
    }

    @Test
    void a_given_petition_is_signed_as_fast_as_it_is_answered() {
        String petition = stack.publish(Map.of("slug", "burst-of-its-own"));
        RunningStack.Ended burst = stack.run("burst", "--signatures", "100", "--petition", petition);
        assertThat(burst.status()).as(burst.output()).isZero();
        assertThat(stack.funnel(petition).get("pending").asLong()).isEqualTo(100);
    }

    @Test
    void a_mistake_is_told_by_its_option() {
        assertThat(stack.run("burst", "--verify", "1.5").output()).contains("--verify must be from 0 to 1");
        assertThat(stack.run("burst", "--rate", "quick").output()).contains("--rate must be a number");
        assertThat(stack.run("burst", "--petition", "nowhere").output()).contains("404");
    }
}
