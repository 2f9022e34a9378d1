package org.countersign.signature.api.security;

import org.countersign.support.access.AccessControl;
import org.countersign.support.access.AccessLog;
import org.countersign.support.access.AccessRules;
import org.countersign.support.access.AccountAccess;
import org.countersign.support.access.AccountGate;
import org.countersign.support.access.CallerSource;
import org.countersign.support.access.OriginCheck;
import org.countersign.support.access.SecurityHeaders;
import org.countersign.support.credentials.LoginGuard;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/** One filter chain for each kind of client. {@link SignatureAccessRules} says who may call what. */
@Configuration(proxyBeanMethods = false)
class SignatureSecurityConfiguration {

    private final String counter;

    SignatureSecurityConfiguration(@Value("${countersign.counter.public-url}") String counter) {
        this.counter = counter;
    }

    @Bean
    AccessRules accessRules() {
        return SignatureAccessRules.RULES;
    }

    @Bean
    OriginCheck originCheck(@Value("${countersign.public-url}") String publicUrl) {
        return new OriginCheck(publicUrl);
    }

    @Bean
    AccessControl accessControl(
            LoginGuard logins,
            OriginCheck origins,
            AccessLog log,
            ObjectProvider<CallerSource> sources,
            AccountAccess accounts) {
        AccountGate gate = AccountGate.of(sources.orderedStream(), accounts);
        return new AccessControl(SignatureAccessRules.RULES, logins, origins, log, gate);
    }

    /** The security headers of every API response. The sign filter writes them too. */
    @Bean
    HeaderWriter apiSecurityHeaders() {
        return SecurityHeaders.ofApi();
    }

    @Bean
    @Order(1)
    SecurityFilterChain apiSecurity(HttpSecurity http, AccessControl access, HeaderWriter apiSecurityHeaders)
            throws Exception {
        return access.applyTo(http.securityMatcher("/api/**"))
                // No cookie authenticates here. AccessControl rejects requests that another site made a browser send.
                .csrf(AbstractHttpConfigurer::disable)
                .headers(headers -> headers.defaultsDisabled().addHeaderWriter(apiSecurityHeaders))
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain auditorPageSecurity(HttpSecurity http, AccessControl access) throws Exception {
        return access.applyTo(http.securityMatcher("/audit", "/audit/**"))
                .csrf(AbstractHttpConfigurer::disable)
                .headers(headers -> restrict(
                        headers,
                        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
                                + "base-uri 'none'; frame-ancestors 'none'"))
                .build();
    }

    /** Widgets. Other sites may show them in a frame, because a stolen click in them has no effect. */
    @Bean
    @Order(3)
    SecurityFilterChain widgetSecurity(HttpSecurity http, AccessControl access) throws Exception {
        return access.applyTo(http.securityMatcher("/embed/**", "/oembed"))
                .csrf(AbstractHttpConfigurer::disable)
                .headers(headers -> restrict(
                                headers,
                                "default-src 'none'; style-src 'self'; script-src 'self'; connect-src " + counter
                                        + "; base-uri 'none'; form-action 'none'; frame-ancestors *")
                        .frameOptions(HeadersConfigurer.FrameOptionsConfig::disable))
                .build();
    }

    @Bean
    @Order(4)
    SecurityFilterChain pageSecurity(HttpSecurity http, AccessControl access) throws Exception {
        return access.applyTo(http)
                .csrf(csrf -> csrf.csrfTokenRepository(csrfCookie())
                        // The token in the link authorizes. Mail programs post without opening the page (RFC 8058).
                        .ignoringRequestMatchers("/unsubscribe", "/stop-alert"))
                .headers(headers -> restrict(headers, pagePolicy()))
                .build();
    }

    /** The content security policy of pages: they load files of this service, and the counts. */
    private String pagePolicy() {
        return "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self' "
                + counter + "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
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
