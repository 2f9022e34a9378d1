package org.countersign.support.network;

import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Configures the trusted proxies of a service. */
@AutoConfiguration
class NetworkAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    TrustedProxies trustedProxies(@Value("${countersign.trusted-proxies:}") List<String> networks) {
        return new TrustedProxies(NetworkList.parse("COUNTERSIGN_TRUSTED_PROXIES", networks));
    }

    @Bean
    ClientAddressFilter clientAddressFilter(TrustedProxies proxies) {
        return new ClientAddressFilter(proxies);
    }
}
