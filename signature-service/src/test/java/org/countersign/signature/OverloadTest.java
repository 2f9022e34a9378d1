package org.countersign.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.countersign.testkit.HttpProbe;
import org.countersign.testkit.LockedLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.test.context.TestPropertySource;

/** A service whose only place is taken by a sign call that waits for the log. */
@TestPropertySource(properties = "countersign.requests.at-a-time=1")
class OverloadTest extends RunningService {

    @Autowired
    private Environment settings;

    private LockedLog lock;
    private CompletableFuture<Integer> admitted;
    private String petition;

    @BeforeEach
    void occupyTheOnlyPlace() throws SQLException {
        petition = publishedPetition();
        lock = new LockedLog(DriverManager.getConnection(
                settings.getRequiredProperty("spring.datasource.url"),
                settings.getRequiredProperty("spring.flyway.user"),
                settings.getRequiredProperty("spring.flyway.password")));
        admitted = CompletableFuture.supplyAsync(
                () -> sign(petition, "ani@example.org").status());
        lock.awaitHangingCommit();
    }

    @AfterEach
    void free() throws Exception {
        lock.close();
        assertThat(admitted.get(1, TimeUnit.MINUTES)).isEqualTo(202);
    }

    @Test
    void a_program_gets_503_with_a_problem_document_and_the_time_to_come_back() {
        HttpProbe.Response answer = get("/api/petitions/" + petition);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.headers()
                        .firstValue("Retry-After")
                        .map(Integer::valueOf)
                        .orElseThrow())
                .isBetween(2, 5);
    }

    @Test
    void a_reader_gets_a_page_in_the_language_of_the_browser_that_reloads_by_itself() {
        HttpProbe.Response answer = get("/petitions/" + petition, "Accept", "text/html", "Accept-Language", "de");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/html;charset=UTF-8");
        assertThat(answer.body())
                .contains("lang=\"de\"", "Gerade sind sehr viele Menschen hier", "http-equiv=\"refresh\"");
    }

    @Test
    void a_signer_without_scripts_is_told_to_go_back_and_press_the_button_again() {
        HttpProbe.Response answer = send(
                HttpRequest.newBuilder(uri("/petitions/" + petition))
                        .POST(HttpRequest.BodyPublishers.ofString("name=Bea")),
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Accept",
                "text/html",
                "Accept-Language",
                "ar");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body())
                .contains("dir=\"rtl\"", "يحتفظ متصفحك بما كتبته")
                .doesNotContain("refresh");
    }
}
