package org.countersign.signature.publiclog;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.countersign.support.keys.KeyPins;
import org.countersign.support.keys.KeyRing;
import org.countersign.transparency.LogKey;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PublicLogConfiguration {

    private static final byte[] SIGNING = "signing".getBytes(StandardCharsets.UTF_8);

    private static final Pattern NAME = Pattern.compile("[^\\s+]+");

    private final KeyPins pins;
    private final KeyRing keys;

    PublicLogConfiguration(KeyPins pins, @Value("${countersign.keys.log:}") String keys) {
        this.pins = pins;
        this.keys = pins.fixed("COUNTERSIGN_KEYS_LOG", "log", keys);
    }

    @Bean
    LeafEncoder leaves() {
        return new LeafEncoder(keys);
    }

    /**
     * Signs the heads. The name of the key is the name of the log (C2SP tlog-tiles). Witnesses and monitors know the
     * log by it, so it stays when the public URL changes.
     */
    @Bean
    LogKey logKey(@Value("${countersign.transparency.name}") String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("COUNTERSIGN_TRANSPARENCY_NAME is '" + name
                    + "', but it must be a name without spaces and plus signs, such as petitions.example.org/log");
        }
        pins.requireUnchanged("COUNTERSIGN_TRANSPARENCY_NAME", "transparency-name", name);
        return LogKey.signing(name, keys.mac(SIGNING));
    }
}
