package org.countersign.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.countersign.testkit.AccessMatrix;
import org.countersign.testkit.RawHttp;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

class AccessTest extends RunningService {

    private static final String TABLE = """
            public    GET    /
            public    GET    /petitions/{slug}
            public    POST   /petitions/{slug}
            public    GET    /petitions/{slug}/signed
            public    GET    /petitions/{slug}/later
            public    GET    /petitions/{slug}/again
            public    POST   /petitions/{slug}/again
            public    GET    /petitions/{slug}/confirmed
            public    GET    /petitions/{slug}/withdrawn
            public    GET    /petitions/{slug}/map.svg
            public    GET    /petitions/{slug}/picture.png
            public    GET    /petitions/{slug}/feed.atom
            public    GET    /feed.atom
            public    GET    /verify
            public    GET    /accessibility
            public    GET    /embed/{slug}
            public    GET    /oembed
            public    GET    /confirm
            public    POST   /confirm
            public    GET    /withdraw
            public    POST   /withdraw
            public    GET    /never-write
            public    POST   /never-write
            public    GET    /write-again
            public    POST   /write-again
            public    GET    /unsubscribe
            public    POST   /unsubscribe
            public    GET    /stop-alert
            public    POST   /stop-alert
            public    GET    /my-data
            public    POST   /my-data
            public    POST   /withdraw-consent
            public    POST   /withdraw-contact
            public    POST   /api/signatures/withdraw-consent
            public    POST   /api/signatures/withdraw-contact
            organiser GET    /api/privacy
            public    GET    /log/checkpoint
            public    GET    /log/key
            public    GET    /log/tile/{*path}
            public    GET    /api/petitions
            organiser POST   /api/petitions
            public    GET    /api/petitions/{petition}
            public    GET    /api/petitions/{petition}/challenge
            organiser POST   /api/petitions/{petition}/close
            organiser POST   /api/petitions/{petition}/reopen
            public    POST   /api/petitions/{petition}/signatures
            organiser GET    /api/petitions/{petition}/signatures.csv
            organiser GET    /api/petitions/{petition}/signatures.ndjson
            organiser GET    /api/petitions/{petition}/handover.pdf
            organiser GET    /api/petitions/{petition}/alerts
            organiser POST   /api/petitions/{petition}/alerts
            organiser DELETE /api/petitions/{petition}/alerts/{id}
            organiser GET    /api/petitions/{petition}/rules
            organiser PUT    /api/petitions/{petition}/rules
            organiser PUT    /api/petitions/{petition}/notice
            public    GET    /api/petitions/{petition}/notices
            organiser GET    /organise/petitions/{slug}/notice
            organiser POST   /organise/petitions/{slug}/notice
            organiser GET    /api/petitions/{petition}/held
            organiser POST   /api/petitions/{petition}/held/release
            organiser POST   /api/petitions/{petition}/held/dismiss
            organiser GET    /api/petitions/{petition}/attack
            organiser GET    /api/petitions/{petition}/attacks
            auditor   GET    /api/petitions/{petition}/history
            public    POST   /api/signatures/verify
            public    POST   /api/signatures/withdraw
            public    POST   /api/signatures/erase
            public    GET    /api/signatures/mine
            public    GET    /api/signatures/receipt
            organiser POST   /api/signatures/{id}/invalidate
            organiser POST   /api/signatures/{id}/reinstate
            organiser POST   /api/recovery/log
            organiser POST   /api/recovery/relay
            organiser POST   /api/signatures/{id}/erase
            auditor   GET    /api/signatures/{id}/history
            auditor   GET    /api/audit/replay
            auditor   GET    /api/audit/reconcile
            auditor   GET    /api/access-log
            auditor   GET    /audit
            auditor   GET    /audit/petitions/{slug}
            auditor   GET    /audit/signatures
            auditor   GET    /audit/signatures/{id}
            organiser GET    /organise
            organiser GET    /organise/new
            organiser POST   /organise/new
            organiser GET    /organise/petitions/{slug}
            organiser POST   /organise/petitions/{slug}/close
            organiser POST   /organise/petitions/{slug}/reopen
            organiser POST   /organise/petitions/{slug}/alerts
            organiser POST   /organise/petitions/{slug}/alerts/{id}/stop
            organiser POST   /organise/petitions/{slug}/webhooks
            organiser POST   /organise/petitions/{slug}/webhooks/{id}/test
            organiser POST   /organise/petitions/{slug}/webhooks/{id}/remove
            organiser POST   /organise/petitions/{slug}/deliveries/{id}/retry
            organiser GET    /organise/petitions/{slug}/signers
            organiser POST   /organise/petitions/{slug}/signers
            organiser POST   /organise/petitions/{slug}/signers/{id}/erase
            organiser POST   /organise/petitions/{slug}/signers/{id}/invalidate
            organiser POST   /organise/petitions/{slug}/signers/{id}/reinstate
            organiser POST   /api/petitions/{petition}/signatures/search
            organiser POST   /api/signatures/search
            organiser POST   /api/signatures/erase-person
            organiser GET    /organise/petitions/{slug}/held
            organiser POST   /organise/petitions/{slug}/held/release
            organiser POST   /organise/petitions/{slug}/held/dismiss
            organiser POST   /organise/petitions/{slug}/rules
            organiser POST   /api/petitions/{petition}/cases/preview
            organiser POST   /api/petitions/{petition}/cases
            organiser GET    /api/petitions/{petition}/cases
            organiser GET    /api/cases/{id}
            organiser POST   /api/cases/{id}/cancel
            organiser POST   /api/cases/{id}/undo
            organiser GET    /organise/petitions/{slug}/cases
            organiser POST   /organise/petitions/{slug}/cases
            organiser POST   /organise/petitions/{slug}/cases/{id}/cancel
            organiser POST   /organise/petitions/{slug}/cases/{id}/undo
            organiser GET    /api/organisations
            organiser POST   /api/organisations
            organiser GET    /api/organisations/{organisation}/people
            organiser POST   /api/organisations/{organisation}/people
            organiser PUT    /api/organisations/{organisation}/people/{id}
            organiser DELETE /api/organisations/{organisation}/people/{id}
            organiser GET    /api/organisations/{organisation}/tokens
            organiser POST   /api/organisations/{organisation}/tokens
            organiser DELETE /api/organisations/{organisation}/tokens/{id}
            public    GET    /sign-in
            public    POST   /sign-in
            public    POST   /sign-in/code
            public    GET    /first-operator
            public    POST   /first-operator
            public    GET    /account
            public    POST   /account/sign-out
            public    POST   /account/sessions/end
            public    POST   /account/sessions/end-others
            public    POST   /account/password
            public    GET    /invitation
            public    POST   /invitation
            public    GET    /people/{slug}
            public    POST   /people/{slug}/invite
            public    POST   /people/{slug}/withdraw
            public    POST   /people/{slug}/roles
            public    POST   /people/{slug}/remove
            public    POST   /people/{slug}/disable
            """;

    @Autowired
    private ApplicationContext context;

    private AccessMatrix matrix() {
        return new AccessMatrix(
                port, Map.of("organiser", ORGANISER.split(":")[1], "auditor", AUDITOR.split(":")[1]), INTERNAL, TABLE);
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
    void every_file_of_the_pages_is_public() throws Exception {
        for (Resource file : new PathMatchingResourcePatternResolver().getResources("classpath:/static/*")) {
            assertThat(get("/" + file.getFilename()).status())
                    .as(file.getFilename())
                    .isEqualTo(200);
        }
    }

    @Test
    void an_unknown_address_is_not_found_with_and_without_credentials() {
        for (String path :
                List.of("/api", "/api/", "/api/nothing", "/api/petitions/", "/nothing", "/error", "/log/x")) {
            assertThat(get(path).status()).as(path).isEqualTo(404);
            assertThat(get(path, as(ORGANISER)).status()).as(path).isEqualTo(404);
            assertThat(new RawHttp(port, "127.0.0.1").send("INVENTED", path, List.of()))
                    .as(path)
                    .isEqualTo(404);
        }
    }

    @Test
    void head_needs_the_credentials_of_get() {
        String petition = publishedPetition();
        for (String call : List.of("signatures.csv", "signatures.ndjson", "handover.pdf", "history")) {
            assertThat(new RawHttp(port, "127.0.0.1")
                            .send("HEAD", "/api/petitions/" + petition + "/" + call, List.of()))
                    .as(call)
                    .isEqualTo(401);
        }
    }
}
