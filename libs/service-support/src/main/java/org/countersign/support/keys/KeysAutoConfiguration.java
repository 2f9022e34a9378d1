package org.countersign.support.keys;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Supplies the keys of events, which all services need, and the pins of keys. Each service has the setting. */
@AutoConfiguration
@ConditionalOnProperty("countersign.keys.event")
class KeysAutoConfiguration {

    @Bean
    KeyPins keyPins(JdbcClient database) {
        return new KeyPins(database);
    }

    /** Events are kept for ever, and their keys as well. */
    @Bean
    KeyRing eventKeys(KeyPins pins, @Value("${countersign.keys.event:}") String keys) {
        return pins.rotating("COUNTERSIGN_KEYS_EVENT", "event", keys, number -> true);
    }
}
