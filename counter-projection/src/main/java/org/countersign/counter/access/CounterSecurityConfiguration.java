package org.countersign.counter.access;

import org.countersign.support.access.AccessControl;
import org.countersign.support.access.AccessLog;
import org.countersign.support.access.AccessRules;
import org.countersign.support.access.OriginCheck;
import org.countersign.support.access.SecurityHeaders;
import org.countersign.support.credentials.LoginGuard;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.header.writers.DelegatingRequestMatcherHeaderWriter;

/** Who may call what. The event loop in front answers counts and streams, which are public. */
@Configuration(proxyBeanMethods = false)
class CounterSecurityConfiguration {

    private static final AccessRules RULES = AccessRules.rules()
            .open(
                    "GET",
                    "/api/milestones",
                    "/api/petitions/{petition}/milestones",
                    "/api/petitions/{petition}/counts",
                    "/api/petitions/{petition}/counts/stream",
                    "/api/petitions/{petition}/counts/history",
                    "/api/petitions/{petition}/counts/pace",
                    "/api/petitions/{petition}/counts/countries")
            .organiserOrAuditor("GET", "/api/petitions/{petition}/funnel", "/api/petitions/{petition}/funnel/{*rest}")
            .organiser("POST", "/api/rebuild")
            .auditor("GET", "/api/access-log")
            .logged("rebuild counts", "POST", "/api/rebuild")
            .logged("read access log", "GET", "/api/access-log")
            .build();

    @Bean
    AccessRules accessRules() {
        return RULES;
    }

    @Bean
    SecurityFilterChain api(HttpSecurity http, LoginGuard logins, AccessLog log) throws Exception {
        return new AccessControl(RULES, logins, new OriginCheck(""), log)
                .applyTo(http)
                // No cookie authenticates. AccessControl rejects requests that another site made a browser send.
                .csrf(AbstractHttpConfigurer::disable)
                // Public answers are those of the event loop, with the same headers.
                .headers(headers -> headers.defaultsDisabled()
                        .addHeaderWriter(new DelegatingRequestMatcherHeaderWriter(
                                request -> !RULES.isPublic(request), SecurityHeaders.ofApi())))
                .build();
    }
}
