package org.countersign.notifier;

import static org.assertj.core.api.Assertions.assertThat;

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

class AccessTest extends RunningNotifier {

    private static final String TABLE = """
            organiser GET    /api/webhooks
            organiser POST   /api/webhooks
            organiser POST   /api/webhooks/{id}/test
            organiser DELETE /api/webhooks/{id}
            organiser GET    /api/deliveries
            organiser POST   /api/deliveries/{id}/retry
            organiser GET    /api/mailings
            auditor   GET    /api/access-log
            """;

    @Autowired
    private ApplicationContext context;

    private AccessMatrix matrix() {
        return new AccessMatrix(
                port, Map.of("organiser", ORGANISER_PASSWORD, "auditor", AUDITOR_PASSWORD), INTERNAL_PASSWORD, TABLE);
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
    void guessing_is_limited_before_hashing() {
        HttpProbe probe = new HttpProbe(port);
        String[] guess = HttpProbe.basic("guessed:wrong");
        for (int i = 0; i < 5; i++) {
            assertThat(probe.get("/api/webhooks", guess).status()).isEqualTo(401);
        }
        HttpProbe.Response limited = probe.get("/api/webhooks", guess);
        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void another_site_cannot_change_or_load_webhooks() {
        String organiser = "Authorization: " + HttpProbe.basic("organiser:" + ORGANISER_PASSWORD)[1];
        RawHttp client = new RawHttp(port, "127.0.0.1");
        for (String foreign : List.of(
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Origin: https://elsewhere.example",
                "Origin: null")) {
            for (String method : List.of("GET", "POST")) {
                assertThat(client.send(method, "/api/webhooks", List.of(organiser, foreign)))
                        .as(foreign)
                        .isEqualTo(403);
            }
        }
        assertThat(client.send("GET", "/api/webhooks", List.of(organiser, "Sec-Fetch-Site: none")))
                .isEqualTo(200);
    }
}
