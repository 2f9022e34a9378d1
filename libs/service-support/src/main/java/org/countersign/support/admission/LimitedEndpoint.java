package org.countersign.support.admission;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/** Tomcat's endpoint with {@link ClientLimits}. It refuses a connection before anything is read from it. */
final class LimitedEndpoint extends NioEndpoint {

    /** The maximum time for which a client takes no byte of an answer. */
    private static final long WRITE_TIMEOUT_MILLIS = TimeUnit.SECONDS.toMillis(20);

    private @Nullable ClientLimits limits;

    LimitedEndpoint() {
        connections = new OpenConnections();
    }

    void limit(ClientLimits clients) {
        limits = clients;
    }

    private ClientLimits limits() {
        return Objects.requireNonNull(limits, "TomcatAdmission sets the limits before Tomcat starts");
    }

    /** Tomcat removes each connection that it closes from here. */
    private final class OpenConnections extends ConcurrentHashMap<SocketChannel, SocketWrapperBase<NioChannel>> {

        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable SocketWrapperBase<NioChannel> remove(Object connection) {
            limits().release((SocketChannel) connection);
            return super.remove(connection);
        }
    }

    @Override
    protected boolean setSocketOptions(SocketChannel connection) {
        if (!admit(connection)) {
            destroySocket(connection);
            return false;
        }
        boolean taken = super.setSocketOptions(connection);
        SocketWrapperBase<NioChannel> wrapper = connections.get(connection);
        if (wrapper != null) {
            wrapper.setWriteTimeout(WRITE_TIMEOUT_MILLIS);
        }
        if (wrapper == null || !connection.isOpen()) {
            // It was closed at once, perhaps before it was counted.
            limits().release(connection);
        }
        return taken;
    }

    private boolean admit(SocketChannel connection) {
        try {
            return limits().admit(connection);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    protected NioChannel createChannel(SocketBufferHandler buffers) {
        return isSSLEnabled() ? super.createChannel(buffers) : new ClientChannel(buffers, limits());
    }
}
