package org.countersign.notifier.access;

import java.util.Map;
import org.countersign.support.credentials.BasicChallenge;
import org.countersign.support.credentials.Credentials;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;

@Configuration(proxyBeanMethods = false)
class NotifierSecurityConfiguration {

    @Bean
    PasswordEncoder passwordEncoder() {
        return PasswordEncoderFactories.createDelegatingPasswordEncoder();
    }

    @Bean
    Credentials credentials(
            JdbcClient database,
            PasswordEncoder encoder,
            @Value("${countersign.organiser.password:}") String organiser) {
        return new Credentials(database, encoder, Map.of("organiser", organiser));
    }

    @Bean
    SecurityFilterChain api(HttpSecurity http) throws Exception {
        return http.sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // Only credentials in a header authenticate here; what a browser might add to another site's request is
                // refused.
                .csrf(csrf -> csrf.requireCsrfProtectionMatcher(request ->
                        !request.getMethod().equals("GET") && "cross-site".equals(request.getHeader("Sec-Fetch-Site"))))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .httpBasic(basic -> basic.authenticationEntryPoint(
                        new BasicChallenge("This call needs the credentials of the organiser.")))
                .headers(headers -> headers.contentSecurityPolicy(
                        csp -> csp.policyDirectives("default-src 'none'; frame-ancestors 'none'")))
                .authorizeHttpRequests(calls -> calls.requestMatchers("/api/**")
                        .hasRole("ORGANISER")
                        .anyRequest()
                        .permitAll())
                .build();
    }
}
