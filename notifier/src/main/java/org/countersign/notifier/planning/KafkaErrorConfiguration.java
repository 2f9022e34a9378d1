package org.countersign.notifier.planning;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.FixedBackOff;

/**
 * Retries a failed batch without limit. Only an unavailable database fails a batch: unreadable records are stored and
 * skipped.
 */
@Configuration(proxyBeanMethods = false)
class KafkaErrorConfiguration {

    private static final long RETRY_INTERVAL_MILLIS = 1000;

    @Bean
    CommonErrorHandler kafkaErrorHandler() {
        return new DefaultErrorHandler(new FixedBackOff(RETRY_INTERVAL_MILLIS, FixedBackOff.UNLIMITED_ATTEMPTS));
    }
}
