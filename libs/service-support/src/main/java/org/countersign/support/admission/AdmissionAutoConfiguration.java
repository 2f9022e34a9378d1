package org.countersign.support.admission;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.countersign.support.network.NetworkList;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Configures admission control and client limits: see {@link Admission} and {@link ClientLimits}. */
@AutoConfiguration
class AdmissionAutoConfiguration {

    @Bean
    Admission admission(
            @Value("${countersign.requests.at-a-time:200}") int maxConcurrent,
            @Value("${countersign.requests.patience:1500ms}") Duration timeout,
            MeterRegistry meters) {
        return new Admission(maxConcurrent, timeout, meters);
    }

    /** Trusted proxies are exempt unless the exempt networks are set, because they connect for many clients. */
    @Bean
    ClientLimits.Settings clientLimitSettings(
            @Value("${countersign.connections.per-network:500}") int connections,
            @Value("${countersign.connections.exempt:${countersign.trusted-proxies:},${countersign.limit.exempt:}}")
                    List<String> exempt) {
        return new ClientLimits.Settings(connections, NetworkList.parse("COUNTERSIGN_CONNECTIONS_EXEMPT", exempt));
    }

    @Bean
    @ConditionalOnMissingBean
    ClientLimits webServerLimits(ClientLimits.Settings settings, MeterRegistry meters) {
        return new ClientLimits(settings, meters);
    }

    @Bean
    TomcatAdmission tomcatAdmission(Admission admission, ClientLimits limits) {
        return new TomcatAdmission(admission, limits);
    }

    @Bean
    BodyLimitFilter bodyLimitFilter() {
        return new BodyLimitFilter();
    }

    @Bean
    AdmissionFilter admissionFilter(TomcatAdmission server, ObjectProvider<OverloadPage> page) {
        return new AdmissionFilter(server, page.getIfAvailable(() -> request -> Optional.empty()));
    }
}
