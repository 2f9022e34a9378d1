package org.countersign.signature.publiclog;

import java.nio.charset.StandardCharsets;
import org.countersign.signature.personaldata.KeyRing;
import org.countersign.transparency.LogKey;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PublicLogConfiguration {

    private static final byte[] SIGNING = "signing".getBytes(StandardCharsets.UTF_8);

    private final KeyRing keys;

    PublicLogConfiguration(@Value("${countersign.keys.log:}") String keys) {
        this.keys = KeyRing.parse("COUNTERSIGN_KEYS_LOG", keys);
    }

    @Bean
    LeafEncoder leaves() {
        return new LeafEncoder(keys);
    }

    /** Signs the heads. The name of the key is the public URL without its scheme (C2SP tlog-tiles). */
    @Bean
    LogKey logKey(@Value("${countersign.public-url}") String site) {
        return LogKey.signing(site.replaceFirst("^https?://", "").replaceFirst("/+$", "") + "/log", keys.mac(SIGNING));
    }
}
