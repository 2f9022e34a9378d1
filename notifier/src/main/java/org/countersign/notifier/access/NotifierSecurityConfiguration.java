package org.countersign.notifier.access;

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

/** Who may call what. No call of the notifier is public. */
@Configuration(proxyBeanMethods = false)
class NotifierSecurityConfiguration {

    private static final AccessRules RULES = AccessRules.rules()
            .organiser("GET", "/api/webhooks", "/api/deliveries", "/api/mailings")
            .organiser("POST", "/api/webhooks", "/api/webhooks/{id}/test", "/api/deliveries/{id}/retry")
            .organiser("DELETE", "/api/webhooks/{id}")
            .auditor("GET", "/api/access-log")
            .logged("read deliveries", "GET", "/api/deliveries")
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
                .headers(headers -> headers.defaultsDisabled().addHeaderWriter(SecurityHeaders.ofApi()))
                .build();
    }
}
