package org.countersign.support.admission;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Has the web server get by with its memory however many come: see {@link Admission}. */
@AutoConfiguration
class AdmissionAutoConfiguration {

    @Bean
    Admission admission(
            @Value("${countersign.requests.at-a-time:200}") int atATime,
            @Value("${countersign.requests.patience:2s}") Duration patience,
            MeterRegistry meters) {
        return new Admission(atATime, patience, meters);
    }

    @Bean
    TomcatAdmission crowdedServer(Admission admission) {
        return new TomcatAdmission(admission);
    }

    @Bean
    AdmissionFilter crowdFilter(TomcatAdmission server) {
        return new AdmissionFilter(server);
    }
}
