package org.countersign.signature.personaldata;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PersonalDataConfiguration {

    @Bean
    PseudonymousIds signatureIds(@Value("${countersign.keys.signature-id:}") String keys) {
        return new PseudonymousIds(KeyRing.parse("COUNTERSIGN_KEYS_SIGNATURE_ID", keys));
    }

    @Bean
    Vault vault(@Value("${countersign.keys.personal-data:}") String keys) {
        return new Vault(KeyRing.parse("COUNTERSIGN_KEYS_PERSONAL_DATA", keys));
    }
}
