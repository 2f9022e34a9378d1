package org.countersign.notifier.planning;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.FixedBackOff;

/** What fails is tried again for ever: it is the database that is away, since unreadable records never get that far. */
@Configuration(proxyBeanMethods = false)
class KafkaErrors {

    private static final long PAUSE_MILLIS = 1000;

    @Bean
    CommonErrorHandler kafkaErrorHandler() {
        return new DefaultErrorHandler(new FixedBackOff(PAUSE_MILLIS, FixedBackOff.UNLIMITED_ATTEMPTS));
    }
}
