package org.countersign.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The bench command with small sizes, whose figures mean nothing. The chain is not included, because other tests show
 * that it loses nothing.
 */
@Tag("long")
class BenchIT {

    @TempDir
    private Path directory;

    @Test
    void measures_every_figure_against_its_comparison() throws Exception {
        Path json = directory.resolve("bench.json");
        assertThat(Bench.run(
                        "sign",
                        "log",
                        "answers",
                        "--calls",
                        "50",
                        "--rounds",
                        "1",
                        "--seconds",
                        "1",
                        "--warm-up",
                        "1",
                        "--events",
                        "20000",
                        "--clients",
                        "16",
                        "--java-option",
                        "-XX:TieredStopAtLevel=1",
                        "--java-option",
                        "-Dcountersign.warm-up.limit=0s",
                        "--port-offset",
                        "600",
                        "--json",
                        json.toString()))
                .isZero();
        JsonNode bench = JsonMapper.builder().build().readTree(Files.readString(json));
        assertThat(bench.get("figures").findValuesAsString("name"))
                .containsExactly(
                        "sign calls ÷ (c) Axon as its docs have it",
                        "sign calls ÷ (d) JPA with a hot row",
                        "sign calls ÷ (b) one row per commit",
                        "sign calls ÷ (a) bare POST",
                        "bytes on disk a signature ÷ (c)",
                        "median of an answer, pending ÷ new address",
                        "median of an answer, verified ÷ new address",
                        "relay, catching up ÷ a bare KafkaProducer",
                        "projection, counting from Kafka ÷ a bare KafkaConsumer",
                        "sign calls with 20,000 events stored ÷ with none at first",
                        "limit of the log head, events a second",
                        "limit of the relay, events a second",
                        "limit of the counter, events a second");
        assertThat(bench.at("/settings/postgresql fsync").asString()).isEqualTo("on");
        assertThat(bench.at("/settings/postgresql synchronous_commit").asString())
                .isEqualTo("on");
    }

    @Test
    void measures_rules_and_a_case_beside_the_product_without_them() throws Exception {
        Path json = directory.resolve("bench.json");
        assertThat(Bench.run(
                        "rules",
                        "case",
                        "--invalidations",
                        "2000",
                        "--rounds",
                        "1",
                        "--seconds",
                        "1",
                        "--warm-up",
                        "1",
                        "--clients",
                        "16",
                        "--java-option",
                        "-XX:TieredStopAtLevel=1",
                        "--java-option",
                        "-Dcountersign.warm-up.limit=0s",
                        "--port-offset",
                        "600",
                        "--json",
                        json.toString()))
                .isZero();
        JsonNode bench = JsonMapper.builder().build().readTree(Files.readString(json));
        assertThat(bench.get("figures").findValuesAsString("name"))
                .containsExactly(
                        "sign calls with all rules and signals ÷ without",
                        "sign calls that a rule holds ÷ without rules and signals",
                        "processor time of a sign call, with rules and signals ÷ without",
                        "sign calls whose signals were lost",
                        "bytes of signals a signature",
                        "sign calls beside a case ÷ without",
                        "delay of the counts beside a case ÷ without",
                        "invalidations a second ÷ COUNTERSIGN_CASES_PER_SECOND");
        assertThat(bench.at("/rounds").propertyNames())
                .contains("sign calls with all rules and signals", "sign calls beside a case");
    }
}
