package org.countersign.support.admission;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.ProtocolHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/** Puts admission control and client limits in front of Tomcat, and limits the memory of connections. */
class TomcatAdmission
        implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory>, Ordered, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(TomcatAdmission.class);

    /** A quarter of Tomcat's default. Each connection has one buffer to read and one to write, and a sign call fits. */
    private static final String BUFFER_BYTES = "2048";
    /** The maximum pause within a body. Its sender occupies a place. */
    private static final String BODY_TIMEOUT_MILLIS = "5000";

    /** The time that a client may wait with its next request. */
    private static final int KEEP_ALIVE_TIMEOUT_MILLIS = 20_000;
    /** The rest of a body that is read, so that a client which sends too much can read the answer. */
    private static final String MAX_SWALLOWED_BYTES = "65536";

    private static final double NEAR_LIMIT = 0.75;
    private static final long CHECK_INTERVAL_MILLIS = 100;

    private final Admission admission;
    private final ClientLimits limits;
    /** A separate thread, because the scheduler may wait for a database that hangs. */
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    private @Nullable AbstractProtocol<?> protocol;

    TomcatAdmission(Admission admission, ClientLimits limits) {
        this.admission = admission;
        this.limits = limits;
        clock.scheduleWithFixedDelay(this::admit, CHECK_INTERVAL_MILLIS, CHECK_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A timer ends with the first exception. */
    private void admit() {
        try {
            admission.admit();
        } catch (RuntimeException | Error e) {
            LOG.warn("Cannot admit requests; retrying: {}", e.toString());
        }
    }

    @Override
    public void customize(ConfigurableTomcatWebServerFactory factory) {
        ((TomcatWebServerFactory) factory).setProtocol(LimitedHttpProtocol.class.getName());
        factory.addProtocolHandlerCustomizers(this::customize);
        factory.addConnectorCustomizers(connector -> connector.setMaxPostSize(BodyLimitFilter.MAX_BYTES));
    }

    private void customize(ProtocolHandler handler) {
        LimitedHttpProtocol limited = (LimitedHttpProtocol) handler;
        limited.limit(limits);
        protocol = limited;
        protocol.setConnectionTimeout((int) ClientChannel.HEAD_TIMEOUT.toMillis());
        protocol.setKeepAliveTimeout(KEEP_ALIVE_TIMEOUT_MILLIS);
        protocol.setProperty("maxSwallowSize", MAX_SWALLOWED_BYTES);
        protocol.setProperty("socket.appReadBufSize", BUFFER_BYTES);
        protocol.setProperty("socket.appWriteBufSize", BUFFER_BYTES);
        protocol.setProperty("disableUploadTimeout", "false");
        protocol.setProperty("connectionUploadTimeout", BODY_TIMEOUT_MILLIS);
        Executor virtualThreads = protocol.getExecutor();
        // Before Java 21 there are no virtual threads, and Tomcat has not created its own threads yet.
        protocol.setExecutor(admission.over(virtualThreads == null ? Executors.newCachedThreadPool() : virtualThreads));
    }

    /** Tells whether few connections are left. */
    boolean isNearLimit() {
        AbstractProtocol<?> current = protocol;
        return current != null && current.getConnectionCount() > NEAR_LIMIT * current.getMaxConnections();
    }

    @Override
    public void destroy() {
        clock.shutdown();
    }

    /** Runs after the configuration properties are applied. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
