package org.countersign.support.admission;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.ProtocolHandler;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/** Has Tomcat get by with its memory however many come at a time. */
class TomcatAdmission
        implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory>, Ordered, DisposableBean {

    /** A quarter of Tomcat's own choice: each connection has one to read and one to write, and a sign call fits in. */
    private static final String BUFFER_BYTES = "2048";
    /** For so long a body may pause on its way: whoever sends one holds a place meanwhile. */
    private static final String BODY_MILLIS = "5000";

    private static final double CROWDED = 0.75;
    private static final long BETWEEN_LOOKS_MILLIS = 200;

    private final Admission admission;
    /** Of its own: the scheduler's thread may be what waits for a database that hangs. */
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    private AbstractProtocol<?> protocol;

    TomcatAdmission(Admission admission) {
        this.admission = admission;
        clock.scheduleWithFixedDelay(
                admission::letIn, BETWEEN_LOOKS_MILLIS, BETWEEN_LOOKS_MILLIS, TimeUnit.MILLISECONDS);
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
        protocol.setProperty("connectionUploadTimeout", BODY_MILLIS);
        Executor virtualThreads = protocol.getExecutor();
        // Before Java 21 there are none, and Tomcat has not made its own threads yet.
        protocol.setExecutor(admission.over(virtualThreads == null ? Executors.newCachedThreadPool() : virtualThreads));
    }

    /** Whether so many connections are open that soon nobody could open one more. */
    boolean isCrowded() {
        return protocol.getConnectionCount() > CROWDED * protocol.getMaxConnections();
    }

    @Override
    public void destroy() {
        clock.shutdown();
    }

    /** After what the configuration says. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
