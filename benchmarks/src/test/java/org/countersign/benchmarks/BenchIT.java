package org.countersign.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The bench command as it is, with everything in it, only small. What it measures then says nothing. */
class BenchIT {

    @TempDir
    private Path directory;

    @Test
    void measures_every_figure_beside_what_it_is_compared_with() throws Exception {
        Path json = directory.resolve("bench.json");
        assertThat(Bench.run("--rounds", "1", "--seconds", "1", "--warm-up", "1", "--events", "40000", "--clients", "16", "--rate", "100",
                "--minutes", "0.05", "--java-option", "-XX:TieredStopAtLevel=1", "--port-offset", "600", "--json", json.toString())).isZero();
        JsonNode bench = JsonMapper.builder().build().readTree(Files.readString(json));
        assertThat(bench.get("figures").findValuesAsString("name")).containsExactly(
                "sign calls ÷ (c) Axon as its docs have it", "sign calls ÷ (d) JPA with a hot row", "sign calls ÷ (b) one row per commit",
                "sign calls ÷ (a) bare POST", "bytes on disk a signature ÷ (c)",
                "relay, catching up ÷ a bare KafkaProducer", "projection, counting from Kafka ÷ a bare KafkaConsumer",
                "sign calls with 40,000 events stored ÷ with none at first",
                "whole chain, sign calls a second", "whole chain, accepted but not yet counted, most", "whole chain, from due to answered",
                "whole chain, lost", "heap each service has for all this, MiB");
        assertThat(bench.at("/settings/postgresql fsync").asString()).isEqualTo("on");
        assertThat(bench.at("/settings/postgresql synchronous_commit").asString()).isEqualTo("on");
        JsonNode lost = bench.get("figures").get(11);
        assertThat(lost.get("reached").asBoolean()).as("nothing lost, the counter exactly right: " + lost).isTrue();
    }
}
