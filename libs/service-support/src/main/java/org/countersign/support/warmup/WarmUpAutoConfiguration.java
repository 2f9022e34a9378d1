package org.countersign.support.warmup;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Runs the rehearsals of the service, see {@link Rehearsal}. */
@AutoConfiguration
class WarmUpAutoConfiguration {

    @Bean
    WarmUp warmUp(
            ObjectProvider<Rehearsal> rehearsals,
            @Value("${countersign.warm-up.limit:0s}") Duration limit,
            MeterRegistry meters) {
        return new WarmUp(rehearsals.orderedStream().toList(), limit, meters);
    }
}
