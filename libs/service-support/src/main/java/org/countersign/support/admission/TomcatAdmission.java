package org.countersign.support.admission;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.ProtocolHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/** Puts admission control in front of Tomcat and limits the memory of connections. */
class TomcatAdmission
        implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory>, Ordered, DisposableBean {

    /** A quarter of Tomcat's default. Each connection has one buffer to read and one to write, and a sign call fits. */
    private static final String BUFFER_BYTES = "2048";
    /** The maximum pause within a body. Its sender occupies a place. */
    private static final String BODY_TIMEOUT_MILLIS = "5000";

    private static final double NEAR_LIMIT = 0.75;
    private static final long CHECK_INTERVAL_MILLIS = 200;

    private final Admission admission;
    /** A separate thread, because the scheduler may wait for a database that hangs. */
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    private @Nullable AbstractProtocol<?> protocol;

    TomcatAdmission(Admission admission) {
        this.admission = admission;
        clock.scheduleWithFixedDelay(
                admission::admit, CHECK_INTERVAL_MILLIS, CHECK_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void customize(ConfigurableTomcatWebServerFactory factory) {
        factory.addProtocolHandlerCustomizers(this::customize);
    }

    private void customize(ProtocolHandler handler) {
        protocol = (AbstractProtocol<?>) handler;
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
