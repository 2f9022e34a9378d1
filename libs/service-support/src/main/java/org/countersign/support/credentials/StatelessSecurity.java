package org.countersign.support.credentials;

import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;

/** The security settings that all services share: no sessions, HTTP Basic for programs and organisers. */
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

    /**
     * Configures the calls of an organiser: stateless, HTTP Basic, and no requests that another site made a browser
     * send. The caller adds which requests need which role.
     *
     * @param http the filter chain to configure
     * @return the same chain
     */
    public static HttpSecurity organiserCalls(HttpSecurity http) throws Exception {
        return stateless(http)
                // Browsers add remembered credentials to requests of other sites. They name the origin in this header.
                .csrf(csrf -> csrf.requireCsrfProtectionMatcher(request ->
                        !request.getMethod().equals("GET") && "cross-site".equals(request.getHeader("Sec-Fetch-Site"))))
                .httpBasic(basic -> basic.authenticationEntryPoint(
                        new BasicChallenge("This call needs the credentials of the organiser.")));
    }
}
