package org.countersign.counter.fanout;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.countersign.support.admission.ClientLimits;
import org.countersign.support.network.NetworkList;
import org.countersign.support.network.TrustedProxies;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/**
 * Binds the web server to a free loopback port. {@link FanOut} listens on the configured port, limits the clients, and
 * names each of them to the web server.
 */
@Configuration(proxyBeanMethods = false)
class LoopbackWebServer implements WebServerFactoryCustomizer<ConfigurableWebServerFactory>, Ordered {

    @Override
    public void customize(ConfigurableWebServerFactory factory) {
        factory.setPort(0);
        factory.setAddress(InetAddress.getLoopbackAddress());
    }

    /** All connections come from the event loop, which has limited the clients. */
    @Bean
    static ClientLimits webServerLimits(MeterRegistry meters) {
        return new ClientLimits(new ClientLimits.Settings(Integer.MAX_VALUE, loopback(List.of())), meters);
    }

    @Bean
    static TrustedProxies trustedProxies(@Value("${countersign.trusted-proxies:}") List<String> networks) {
        return new TrustedProxies(loopback(networks));
    }

    private static NetworkList loopback(List<String> networks) {
        List<String> all = new ArrayList<>(NetworkList.LOOPBACK);
        all.addAll(networks);
        return NetworkList.parse("COUNTERSIGN_TRUSTED_PROXIES", all);
    }

    /** Runs after the configuration properties are applied. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
