package org.countersign.support.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;

class ProblemJsonTest {

    @Test
    void escapes_the_detail() {
        assertThat(new String(ProblemJson.of(HttpStatus.CONFLICT, "a \"quoted\" name"), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"type\":\"about:blank\",\"title\":\"Conflict\",\"status\":409,\"detail\":\"a \\\"quoted\\\" name\"}");
    }
}
