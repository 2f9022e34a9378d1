package org.countersign.counter.access;

import java.util.Map;
import org.countersign.support.credentials.Credentials;
import org.countersign.support.credentials.StatelessSecurity;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;

@Configuration(proxyBeanMethods = false)
class CounterSecurityConfiguration {

    @Bean
    PasswordEncoder passwordEncoder() {
        return PasswordEncoderFactories.createDelegatingPasswordEncoder();
    }

    @Bean
    Credentials credentials(
            JdbcClient database,
            PasswordEncoder encoder,
            @Value("${countersign.organiser.password:}") String organiser,
            @Value("${countersign.auditor.password:}") String auditor) {
        return new Credentials(database, encoder, Map.of("organiser", organiser, "auditor", auditor));
    }

    /** Protects the rebuild and the funnel. Public calls for counts need no filter chain. */
    @Bean
    SecurityFilterChain protectedCalls(HttpSecurity http) throws Exception {
        return StatelessSecurity.organiserCalls(http)
                .securityMatcher("/api/rebuild", "/api/petitions/*/funnel", "/api/petitions/*/funnel/**")
                .authorizeHttpRequests(calls -> calls.requestMatchers("/api/rebuild")
                        .hasRole("ORGANISER")
                        .anyRequest()
                        .hasAnyRole("ORGANISER", "AUDITOR"))
                .build();
    }
}
