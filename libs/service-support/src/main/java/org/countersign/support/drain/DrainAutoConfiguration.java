package org.countersign.support.drain;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Drains the service when it stops: see {@link Drain}. */
@AutoConfiguration
class DrainAutoConfiguration {

    @Bean
    Drain drain(@Value("${countersign.drain:0s}") Duration duration) {
        return new Drain(duration);
    }

    @Bean
    DrainFilter drainFilter(Drain drain) {
        return new DrainFilter(drain);
    }
}
