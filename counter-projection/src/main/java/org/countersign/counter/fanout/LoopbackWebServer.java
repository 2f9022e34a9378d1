package org.countersign.counter.fanout;

import java.net.InetAddress;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;

/** Binds the web server to a free loopback port. {@link FanOut} listens on the configured port. */
@Component
class LoopbackWebServer implements WebServerFactoryCustomizer<ConfigurableWebServerFactory>, Ordered {

    @Override
    public void customize(ConfigurableWebServerFactory factory) {
        factory.setPort(0);
        factory.setAddress(InetAddress.getLoopbackAddress());
    }

    /** Runs after the configuration properties are applied. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
