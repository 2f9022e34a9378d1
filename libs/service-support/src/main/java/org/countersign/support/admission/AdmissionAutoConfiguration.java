package org.countersign.support.admission;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Configures admission control: see {@link Admission}. */
@AutoConfiguration
class AdmissionAutoConfiguration {

    @Bean
    Admission admission(
            @Value("${countersign.requests.at-a-time:200}") int maxConcurrent,
            @Value("${countersign.requests.patience:2s}") Duration timeout,
            MeterRegistry meters) {
        return new Admission(maxConcurrent, timeout, meters);
    }

    @Bean
    TomcatAdmission tomcatAdmission(Admission admission) {
        return new TomcatAdmission(admission);
    }

    @Bean
    AdmissionFilter admissionFilter(TomcatAdmission server) {
        return new AdmissionFilter(server);
    }
}
