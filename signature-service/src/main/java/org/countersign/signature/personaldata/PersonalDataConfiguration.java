package org.countersign.signature.personaldata;

import org.countersign.support.keys.KeyPins;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class PersonalDataConfiguration {

    private static final String KEY_IN_USE = """
            select exists(select from stream_event where get_byte(secret, 0) = ?)
                or exists(select from person where get_byte(sealed, 0) = ?)""";

    @Bean
    PseudonymousIds signatureIds(KeyPins pins, @Value("${countersign.keys.signature-id:}") String keys) {
        return new PseudonymousIds(pins.fixed("COUNTERSIGN_KEYS_SIGNATURE_ID", "signature-id", keys));
    }

    /** The key of signature ids never changes. A key that is derived from it does not either. */
    @Bean
    RecipientKeys recipientKeys(KeyPins pins, @Value("${countersign.keys.signature-id:}") String keys) {
        return new RecipientKeys(pins.fixed("COUNTERSIGN_KEYS_SIGNATURE_ID", "signature-id", keys));
    }

    @Bean
    Vault vault(KeyPins pins, JdbcClient database, @Value("${countersign.keys.personal-data:}") String keys) {
        return new Vault(pins.rotating(
                "COUNTERSIGN_KEYS_PERSONAL_DATA", "personal-data", keys, number -> isInUse(database, number)));
    }

    /** Tells whether a secret needs the master key with a number. Reads whole tables, but only if a key is missing. */
    private static boolean isInUse(JdbcClient database, int number) {
        String inUse = """
                select exists(select from stream_event where get_byte(secret, 0) = :number)
                    or exists(select from person where get_byte(sealed, 0) = :number)
                    or exists(select from person_credential where get_byte(code_secret, 0) = :number)
                    or exists(select from person_invitation where get_byte(sealed, 0) = :number)""";
        return database.sql(inUse).param("number", number).query(Boolean.class).single();
    }
}
