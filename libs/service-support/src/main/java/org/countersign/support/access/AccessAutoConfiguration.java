package org.countersign.support.access;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.countersign.support.problem.ProblemJson;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnResource;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Configures the {@link AccessLog}, lets the {@link AccessRules} answer unknown methods, and describes rejected
 * requests as problem details.
 */
@AutoConfiguration
@ConditionalOnResource(resources = "classpath:openapi.yaml")
class AccessAutoConfiguration {

    @Bean
    AccessLog accessLog(JdbcClient database, @Value("${countersign.access-log.keep:365d}") Duration keep) {
        return new AccessLog(database, Clock.systemUTC(), keep);
    }

    @Bean
    AccessLogController accessLogController(AccessLog log, Optional<AccountAccess> accounts) {
        return new AccessLogController(log, accounts);
    }

    @Bean
    WebMvcConfigurer unknownSubjects() {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new UnknownSubjectInterceptor()).order(Ordered.LOWEST_PRECEDENCE);
            }
        };
    }

    @Bean
    StrictHttpFirewall httpFirewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        // AccessFilter answers 405 with the methods of the address.
        firewall.setUnsafeAllowAnyHttpMethod(true);
        return firewall;
    }

    @Bean
    RequestRejectedHandler requestRejectedHandler() {
        return (request, response, e) -> ProblemJson.write(
                response, HttpStatus.BAD_REQUEST, "The address or a header of the request is malformed.");
    }
}
