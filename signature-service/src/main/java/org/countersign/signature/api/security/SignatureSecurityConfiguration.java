package org.countersign.signature.api.security;

import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;

import java.util.List;
import java.util.Map;
import org.countersign.support.credentials.BasicChallenge;
import org.countersign.support.credentials.Credentials;
import org.countersign.support.credentials.StatelessSecurity;
import org.countersign.support.problem.ProblemJson;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.security.web.header.writers.CacheControlHeadersWriter;
import org.springframework.security.web.header.writers.CompositeHeaderWriter;
import org.springframework.security.web.header.writers.HstsHeaderWriter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.header.writers.XContentTypeOptionsHeaderWriter;
import org.springframework.security.web.header.writers.XXssProtectionHeaderWriter;
import org.springframework.security.web.header.writers.frameoptions.XFrameOptionsHeaderWriter;
import org.springframework.security.web.header.writers.frameoptions.XFrameOptionsHeaderWriter.XFrameOptionsMode;

/** Who may call what: one filter chain for each kind of client. */
@Configuration(proxyBeanMethods = false)
class SignatureSecurityConfiguration {

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

    /** The security headers of every API response. The sign filter writes them too. */
    @Bean
    HeaderWriter apiSecurityHeaders() {
        return new CompositeHeaderWriter(List.of(
                new XContentTypeOptionsHeaderWriter(),
                new XXssProtectionHeaderWriter(),
                new CacheControlHeadersWriter(),
                new HstsHeaderWriter(),
                new XFrameOptionsHeaderWriter(XFrameOptionsMode.DENY)));
    }

    /** The API and the calls of the notifier: no sessions and no cookies. */
    @Bean
    @Order(1)
    SecurityFilterChain apiSecurity(
            HttpSecurity http,
            HeaderWriter apiSecurityHeaders,
            @Value("${countersign.notifier.password:}") String notifierPassword)
            throws Exception {
        return StatelessSecurity.stateless(http)
                .securityMatcher("/api/**", "/internal/**")
                // No cookie authenticates here. CrossSiteFilter rejects requests that another site made a browser send.
                .csrf(AbstractHttpConfigurer::disable)
                .headers(headers -> headers.defaultsDisabled().addHeaderWriter(apiSecurityHeaders))
                .httpBasic(basic -> basic.authenticationEntryPoint(
                        new BasicChallenge("This call needs the credentials of the organiser or the auditor.")))
                .exceptionHandling(handling -> handling.accessDeniedHandler((request, response, e) ->
                        ProblemJson.write(response, HttpStatus.FORBIDDEN, "These credentials do not allow this call.")))
                .addFilterBefore(new CrossSiteFilter(), AuthorizationFilter.class)
                .addFilterBefore(new NotifierAuthenticationFilter(notifierPassword), AuthorizationFilter.class)
                .authorizeHttpRequests(calls -> calls.requestMatchers("/internal/**")
                        .hasRole("NOTIFIER")
                        .requestMatchers("/api/audit/**")
                        .hasRole("AUDITOR")
                        .requestMatchers(GET, "/api/petitions/*/history", "/api/signatures/*/history")
                        .hasRole("AUDITOR")
                        .requestMatchers(
                                GET,
                                "/api/petitions/*/signatures.csv",
                                "/api/petitions/*/signatures.ndjson",
                                "/api/petitions/*/handover.pdf")
                        .hasRole("ORGANISER")
                        .requestMatchers("/api/petitions/*/alerts/**")
                        .hasRole("ORGANISER")
                        .requestMatchers(
                                POST,
                                "/api/recovery/*",
                                "/api/petitions",
                                "/api/petitions/*/close",
                                "/api/petitions/*/reopen",
                                "/api/signatures/*/invalidate",
                                "/api/signatures/*/reinstate",
                                "/api/signatures/*/erase")
                        .hasRole("ORGANISER")
                        .anyRequest()
                        .permitAll())
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain auditorPageSecurity(HttpSecurity http) throws Exception {
        return StatelessSecurity.stateless(http)
                .securityMatcher("/audit", "/audit/**")
                .csrf(AbstractHttpConfigurer::disable)
                .httpBasic(basic -> basic.authenticationEntryPoint(
                        new BasicChallenge("These pages need the credentials of the auditor.")))
                .headers(headers -> restrict(
                        headers,
                        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
                                + "base-uri 'none'; frame-ancestors 'none'"))
                .authorizeHttpRequests(calls -> calls.requestMatchers(GET)
                        .hasRole("AUDITOR")
                        .anyRequest()
                        .denyAll())
                .build();
    }

    @Bean
    @Order(4)
    SecurityFilterChain organiserPageSecurity(
            HttpSecurity http, @Value("${countersign.counter.public-url}") String counter) throws Exception {
        return StatelessSecurity.stateless(http)
                .securityMatcher("/organise", "/organise/**")
                .csrf(csrf -> csrf.csrfTokenRepository(csrfCookie()))
                .httpBasic(basic -> basic.authenticationEntryPoint(
                        new BasicChallenge("These pages need the credentials of the organiser.")))
                .headers(headers -> restrict(headers, policy(counter)))
                .authorizeHttpRequests(calls -> calls.anyRequest().hasRole("ORGANISER"))
                .build();
    }

    /** The content security policy of pages: they load files of this service, and the counts. */
    private static String policy(String counter) {
        return "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self' "
                + counter + "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    }

    /** Widgets. Other sites may show them in a frame, because a stolen click in them has no effect. */
    @Bean
    @Order(3)
    SecurityFilterChain widgetSecurity(HttpSecurity http, @Value("${countersign.counter.public-url}") String counter)
            throws Exception {
        return StatelessSecurity.stateless(http)
                .securityMatcher("/embed/**", "/oembed")
                .csrf(AbstractHttpConfigurer::disable)
                .headers(headers -> restrict(
                                headers,
                                "default-src 'none'; style-src 'self'; script-src 'self'; connect-src " + counter
                                        + "; base-uri 'none'; form-action 'none'; frame-ancestors *")
                        .frameOptions(HeadersConfigurer.FrameOptionsConfig::disable))
                .authorizeHttpRequests(calls ->
                        calls.requestMatchers(GET).permitAll().anyRequest().denyAll())
                .build();
    }

    @Bean
    @Order(5)
    SecurityFilterChain publicPageSecurity(
            HttpSecurity http, @Value("${countersign.counter.public-url}") String counter) throws Exception {
        return StatelessSecurity.stateless(http)
                .csrf(csrf -> csrf.csrfTokenRepository(csrfCookie())
                        // The token in the link authorizes. Mail programs post without opening the page (RFC 8058).
                        .ignoringRequestMatchers("/unsubscribe", "/stop-alert"))
                .headers(headers -> restrict(headers, policy(counter)))
                .authorizeHttpRequests(calls -> calls.anyRequest().permitAll())
                .build();
    }

    private static HeadersConfigurer<HttpSecurity> restrict(HeadersConfigurer<HttpSecurity> headers, String policy) {
        return headers.contentSecurityPolicy(csp -> csp.policyDirectives(policy))
                .frameOptions(HeadersConfigurer.FrameOptionsConfig::deny)
                .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
                .permissionsPolicyHeader(permissions -> permissions.policy("camera=(), microphone=(), geolocation=()"));
    }

    private static CookieCsrfTokenRepository csrfCookie() {
        CookieCsrfTokenRepository repository = new CookieCsrfTokenRepository();
        repository.setCookieCustomizer(cookie -> cookie.httpOnly(true).sameSite("Strict"));
        return repository;
    }
}
