package org.countersign.signature.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.countersign.signature.RunningService;
import org.countersign.signature.SignatureServiceApplication;
import org.countersign.support.start.StartRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.Environment;

/** The service on one PostgreSQL server and one Kafka broker. */
class SingleServerDurabilityTest extends RunningService {

    private static final Duration LONG = Duration.ofMinutes(1);

    @Autowired
    private Environment environment;

    @Test
    void single_servers_are_reported_and_do_not_change_readiness() {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(
                                management().get("/actuator/health/durability").body())
                        .contains("DEGRADED", "postgres-no-standby", "kafka-replication", "kafka-min-insync"));
        assertThat(management().get("/actuator/health/readiness").body()).doesNotContain("durability");
        assertThat(management().get("/actuator/health/liveness").body()).doesNotContain("durability");
        assertThat(management().get("/actuator/prometheus").body())
                .contains(
                        "countersign_durability_finding{code=\"postgres-no-standby\"} 1.0",
                        "countersign_durability_finding{code=\"postgres-fsync\"} ",
                        "countersign_durability_synchronous_standbys",
                        "countersign_durability_insync_replicas 1.0");
    }

    @ParameterizedTest
    @CsvSource({
        "required, synchronous_standby_names",
        "perhaps, COUNTERSIGN_DURABILITY is \"perhaps\"",
    })
    void the_service_does_not_start(String policy, String reason) {
        List<String> arguments = new ArrayList<>(
                List.of("--server.port=0", "--management.server.port=0", "--countersign.durability=" + policy));
        Stream.of(
                        "spring.datasource.url",
                        "spring.datasource.username",
                        "spring.datasource.password",
                        "spring.flyway.user",
                        "spring.flyway.password",
                        "spring.kafka.bootstrap-servers",
                        "countersign.keys.signature-id",
                        "countersign.keys.personal-data",
                        "countersign.keys.token",
                        "countersign.keys.log",
                        "countersign.keys.event",
                        "countersign.internal.password")
                .forEach(name -> arguments.add("--" + name + "=" + environment.getRequiredProperty(name)));
        Throwable failure = catchThrowable(
                () -> new SpringApplication(SignatureServiceApplication.class).run(arguments.toArray(String[]::new)));
        assertThat(failure)
                .rootCause()
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining(reason);
    }
}
