package org.countersign.support.management;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import org.countersign.support.credentials.StatelessSecurity;
import org.countersign.support.problem.ProblemJson;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnResource;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.web.context.support.WebApplicationContextUtils;

/**
 * Access control of the management port. Health, metrics and the OpenAPI document need no secret there, because the
 * port is bound to an internal address. Every other call needs the {@link InternalSecret}.
 */
@AutoConfiguration
@ConditionalOnResource(resources = "classpath:openapi.yaml")
@Import(InternalSecret.class)
class ManagementAutoConfiguration {

    @Bean
    PublicPortFilter publicPortFilter() {
        return new PublicPortFilter();
    }

    @Bean
    @Order(0)
    SecurityFilterChain managementSecurity(HttpSecurity http, InternalSecret secret) throws Exception {
        return StatelessSecurity.stateless(http)
                .securityMatcher(ManagementAutoConfiguration::isOnManagementPort)
                // Browsers do not know the secret, and the open calls change nothing.
                .csrf(AbstractHttpConfigurer::disable)
                .addFilterBefore(new InternalSecretFilter(secret), AuthorizationFilter.class)
                .exceptionHandling(handling -> handling.authenticationEntryPoint((request, response, e) -> {
                    response.setHeader("WWW-Authenticate", "Bearer realm=\"Countersign\"");
                    ProblemJson.write(
                            response,
                            HttpStatus.UNAUTHORIZED,
                            "This call needs the value of COUNTERSIGN_INTERNAL_PASSWORD as a bearer token.");
                }))
                .authorizeHttpRequests(calls -> {
                    // The first dispatch was checked. This one writes its error.
                    calls.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                            .permitAll();
                    for (HttpMethod method : new HttpMethod[] {HttpMethod.GET, HttpMethod.HEAD}) {
                        calls.requestMatchers(
                                        method,
                                        "/actuator/health",
                                        "/actuator/health/**",
                                        "/actuator/prometheus",
                                        ManagementPaths.API_DOCS)
                                .permitAll();
                    }
                    calls.anyRequest().hasRole(InternalSecretFilter.ROLE);
                })
                .build();
    }

    private static boolean isOnManagementPort(HttpServletRequest request) {
        return WebServerApplicationContext.hasServerNamespace(
                WebApplicationContextUtils.getWebApplicationContext(request.getServletContext()), "management");
    }
}
