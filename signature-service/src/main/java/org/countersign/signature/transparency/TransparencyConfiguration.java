package org.countersign.signature.transparency;

import java.nio.charset.StandardCharsets;
import org.countersign.signature.signer.Keys;
import org.countersign.transparency.LogKey;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TransparencyConfiguration {

    private static final byte[] SIGNING = "signing".getBytes(StandardCharsets.UTF_8);

    private final Keys keys;

    TransparencyConfiguration(@Value("${countersign.keys.log:}") String keys) {
        this.keys = Keys.parse("COUNTERSIGN_KEYS_LOG", keys);
    }

    @Bean
    Leaves leaves() {
        return new Leaves(keys);
    }

    /** Signs the heads. Its name is the log's address without the scheme, as C2SP tlog-tiles would have it. */
    @Bean
    LogKey logKey(@Value("${countersign.public-url}") String site) {
        return LogKey.signing(site.replaceFirst("^https?://", "").replaceFirst("/+$", "") + "/log", keys.mac(SIGNING));
    }
}
