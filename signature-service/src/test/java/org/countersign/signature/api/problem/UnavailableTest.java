package org.countersign.signature.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.countersign.signature.domain.LogUnavailableException;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.web.MockHttpServletRequest;
import tools.jackson.databind.json.JsonMapper;

/** What a 503 says about the events of the request. */
class UnavailableTest {

    private static String answer(Exception e, String method) {
        ResponseEntity<byte[]> response = new ApiExceptionHandler(
                        JsonMapper.builder().build())
                .response(e, new MockHttpServletRequest(method, "/api/any"));
        assertThat(response.getStatusCode().value()).isEqualTo(503);
        assertThat(response.getHeaders().getFirst("Retry-After")).isNotNull();
        return new String(response.getBody(), StandardCharsets.UTF_8);
    }

    @Test
    void events_that_were_refused_were_not_recorded() {
        assertThat(answer(new LogUnavailableException("any", null), "POST")).contains("Nothing was recorded.");
    }

    @Test
    void a_commit_whose_answer_was_lost_is_called_unknown() {
        assertThat(answer(LogUnavailableException.outcomeUnknown(null), "POST"))
                .contains("It is unknown whether this was recorded.")
                .doesNotContain("Nothing was recorded");
    }

    @Test
    void a_database_that_fails_after_a_commit_leaves_the_outcome_unknown() {
        assertThat(answer(new DataAccessResourceFailureException("any"), "POST"))
                .contains("It is unknown");
        assertThat(answer(new DataAccessResourceFailureException("any"), "GET")).contains("Nothing was recorded.");
    }
}
