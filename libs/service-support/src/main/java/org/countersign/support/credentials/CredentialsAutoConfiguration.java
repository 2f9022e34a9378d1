package org.countersign.support.credentials;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import org.countersign.support.network.NetworkList;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnResource;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;

/** The users organiser and auditor of a service. */
@AutoConfiguration
@ConditionalOnResource(resources = "classpath:openapi.yaml")
class CredentialsAutoConfiguration {

    /** False if only people with an account may sign in. Passwords of earlier starts do not count then. */
    private static final String BUILT_IN_USERS = "countersign.built-in-users";

    @Bean
    @ConditionalOnProperty(name = BUILT_IN_USERS, matchIfMissing = true)
    Credentials credentials(
            JdbcClient database,
            @Value("${countersign.organiser.password:}") String organiser,
            @Value("${countersign.auditor.password:}") String auditor) {
        return new Credentials(
                database,
                PasswordEncoderFactories.createDelegatingPasswordEncoder(),
                Map.of("organiser", organiser, "auditor", auditor));
    }

    @Bean
    LoginGuard loginGuard(
            ObjectProvider<Credentials> credentials,
            LoginListener listener,
            MeterRegistry meters,
            @Value("${countersign.limit.exempt:}") List<String> exempt) {
        NetworkList networks = NetworkList.parse("COUNTERSIGN_LIMIT_EXEMPT", exempt);
        Credentials users = credentials.getIfAvailable();
        return users == null
                ? LoginGuard.withoutUsers(listener, meters)
                : new LoginGuard(users, listener, meters, networks::containsLiteral);
    }
}
