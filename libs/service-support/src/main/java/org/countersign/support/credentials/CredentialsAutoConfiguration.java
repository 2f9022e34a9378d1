package org.countersign.support.credentials;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import org.countersign.support.network.NetworkList;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnResource;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;

/** The users organiser and auditor of a service. */
@AutoConfiguration
@ConditionalOnResource(resources = "classpath:openapi.yaml")
class CredentialsAutoConfiguration {

    @Bean
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
            Credentials credentials,
            LoginListener listener,
            MeterRegistry meters,
            @Value("${countersign.limit.exempt:}") List<String> exempt) {
        NetworkList networks = NetworkList.parse("COUNTERSIGN_LIMIT_EXEMPT", exempt);
        return new LoginGuard(credentials, listener, meters, networks::containsLiteral);
    }
}
