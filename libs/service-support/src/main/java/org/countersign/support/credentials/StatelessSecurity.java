package org.countersign.support.credentials;

import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;

/** The security settings that all filter chains share. */
public final class StatelessSecurity {

    private StatelessSecurity() {}

    /**
     * Switches off sessions, saved requests and log-out.
     *
     * @param http the filter chain to configure
     * @return the same chain
     */
    public static HttpSecurity stateless(HttpSecurity http) throws Exception {
        return http.sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable);
    }
}
