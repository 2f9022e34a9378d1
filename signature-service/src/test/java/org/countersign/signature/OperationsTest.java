package org.countersign.signature;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OperationsTest extends RunningService {

    @Test
    void health_metrics_and_api_description_are_served() {
        sign(publishedPetition(), "sona@example.org");
        assertThat(get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(get("/actuator/health/readiness").json().get("status").asString())
                .isEqualTo("UP");
        assertThat(get("/actuator/prometheus").body())
                .contains(
                        "countersign_commands_seconds_count{outcome=\"done\",type=\"SignPetition\"}",
                        "countersign_log_append_seconds_bucket",
                        "countersign_relay_lag_events",
                        "countersign_relay_lag_seconds");
        assertThat(get("/v3/api-docs").json().get("paths").propertyNames())
                .contains("/api/petitions/{petition}/signatures", "/api/signatures/verify");
        assertThat(get("/actuator/env").status()).isEqualTo(404);
    }
}
