package org.countersign.signature;

import static org.assertj.core.api.Assertions.assertThat;

import org.countersign.testkit.ManagementPort;
import org.junit.jupiter.api.Test;

class OperationsTest extends RunningService {

    @Test
    void health_metrics_and_api_description_are_served() {
        sign(publishedPetition(), "sona@example.org");
        assertThat(management().get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(management()
                        .get("/actuator/health/readiness")
                        .json()
                        .get("status")
                        .asString())
                .isEqualTo("UP");
        assertThat(management().get("/actuator/prometheus").body())
                .contains(
                        "countersign_commands_seconds_count{outcome=\"done\",type=\"SignPetition\"}",
                        "http_server_requests_seconds_count{error=\"none\",exception=\"none\",method=\"POST\","
                                + "outcome=\"SUCCESS\",status=\"202\",uri=\"/api/petitions/{petition}/signatures\"}",
                        "countersign_log_append_seconds_bucket",
                        "countersign_relay_lag_events",
                        "countersign_relay_lag_seconds");
        assertThat(management().get("/v3/api-docs").json().get("paths").propertyNames())
                .contains("/api/petitions/{petition}/signatures", "/api/signatures/verify");
    }

    @Test
    void the_public_port_does_not_serve_the_management_port() {
        assertThat(ManagementPort.servedOn(port)).isEmpty();
    }

    @Test
    void all_but_health_metrics_and_api_description_need_the_secret() {
        assertThat(ManagementPort.withoutSecret(managementPort, "POST /internal/mail-data"))
                .isEmpty();
        assertThat(management()
                        .get("/actuator/env", "Authorization", "Bearer " + INTERNAL)
                        .status())
                .isEqualTo(404);
        assertThat(management()
                        .sendJson("POST", "/internal/mail-data", "[]", "Authorization", "Bearer " + INTERNAL)
                        .body())
                .isEqualTo("[]");
    }
}
