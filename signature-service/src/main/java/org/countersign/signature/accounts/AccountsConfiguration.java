package org.countersign.signature.accounts;

import org.countersign.support.keys.KeyPins;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AccountsConfiguration {

    @Bean
    AccountKeys accountKeys(KeyPins pins, @Value("${countersign.keys.signature-id:}") String keys) {
        return new AccountKeys(pins.fixed("COUNTERSIGN_KEYS_SIGNATURE_ID", "signature-id", keys));
    }
}
