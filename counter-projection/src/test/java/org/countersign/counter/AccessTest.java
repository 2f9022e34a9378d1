package org.countersign.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.countersign.testkit.AccessMatrix;
import org.countersign.testkit.HttpProbe;
import org.countersign.testkit.RawHttp;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

class AccessTest extends RunningCounter {

    private static final String TABLE = """
            public    GET  /api/milestones
            public    GET  /api/petitions/{petition}/milestones
            public    GET  /api/petitions/{petition}/counts
            public    GET  /api/petitions/{petition}/counts/history
            public    GET  /api/petitions/{petition}/counts/pace
            public    GET  /api/petitions/{petition}/counts/countries
            organiser,auditor GET /api/petitions/{petition}/funnel
            organiser,auditor GET /api/petitions/{petition}/funnel/history
            organiser POST /api/rebuild
            auditor   GET  /api/access-log
            """;

    @Autowired
    private ApplicationContext context;

    private AccessMatrix matrix() {
        return new AccessMatrix(
                fanOut.port(),
                Map.of("organiser", ORGANISER_PASSWORD, "auditor", AUDITOR_PASSWORD),
                INTERNAL_PASSWORD,
                TABLE);
    }

    @Test
    void the_table_lists_every_mapping_of_the_service() {
        Set<String> mappings = new TreeSet<>();
        context.getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .forEach(mapping -> mapping.getPatternValues()
                        .forEach(pattern -> mapping.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> mappings.add(method + " " + pattern))));
        assertThat(mappings).isEqualTo(matrix().calls());
        assertThat(context.getBeansOfType(RouterFunction.class)).isEmpty();
    }

    @Test
    void every_call_answers_only_its_methods_and_roles() {
        assertThat(matrix().violations()).isEmpty();
    }

    @Test
    void an_unknown_address_is_not_found_with_and_without_credentials() {
        for (String path : List.of("/", "/api/nothing", "/api/snapshot", "/error")) {
            assertThat(get(path).status()).as(path).isEqualTo(404);
            assertThat(get(path, HttpProbe.basic("organiser:" + ORGANISER_PASSWORD))
                            .status())
                    .as(path)
                    .isEqualTo(404);
        }
    }

    @Test
    void the_funnel_needs_the_organiser_or_the_auditor() {
        assertThat(get("/api/petitions/any/funnel").status()).isEqualTo(401);
        for (String user : List.of("organiser:" + ORGANISER_PASSWORD, "auditor:" + AUDITOR_PASSWORD)) {
            assertThat(get("/api/petitions/any/funnel", HttpProbe.basic(user)).status())
                    .isNotIn(401, 403);
        }
    }

    @Test
    void guessing_is_limited_and_public_calls_ignore_credentials() {
        String[] guess = HttpProbe.basic("guessed:wrong");
        for (int i = 0; i < 5; i++) {
            assertThat(get("/api/access-log", guess).status()).isEqualTo(401);
        }
        HttpProbe.Response limited = get("/api/access-log", guess);
        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.headers().firstValue("Retry-After")).isPresent();
        assertThat(get("/api/milestones", guess).status()).isEqualTo(200);
    }

    @Test
    void another_site_cannot_start_a_rebuild() {
        String organiser = "Authorization: " + HttpProbe.basic("organiser:" + ORGANISER_PASSWORD)[1];
        RawHttp client = new RawHttp(fanOut.port(), "127.0.0.1");
        for (String foreign : List.of(
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Origin: https://elsewhere.example",
                "Origin: null")) {
            assertThat(client.send("POST", "/api/rebuild", List.of(organiser, foreign)))
                    .as(foreign)
                    .isEqualTo(403);
        }
        // Other tests guess with this name.
        await().atMost(PATIENCE)
                .until(() ->
                        client.send("POST", "/api/rebuild", List.of(organiser, "Sec-Fetch-Site: same-origin")) == 200);
    }
}
