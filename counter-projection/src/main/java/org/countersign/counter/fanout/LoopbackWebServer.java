package org.countersign.counter.fanout;

import java.net.InetAddress;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;

/**
 * Has the web server listen on a port of the system's choice, and to this machine alone: the configured one is
 * {@link FanOut}'s.
 */
@Component
class LoopbackWebServer implements WebServerFactoryCustomizer<ConfigurableWebServerFactory>, Ordered {

    @Override
    public void customize(ConfigurableWebServerFactory factory) {
        factory.setPort(0);
        factory.setAddress(InetAddress.getLoopbackAddress());
    }

    /** After what the configuration says. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
