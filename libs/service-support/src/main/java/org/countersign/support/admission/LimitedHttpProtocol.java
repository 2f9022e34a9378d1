package org.countersign.support.admission;

import java.io.IOException;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;

/** HTTP/1.1 of Tomcat with {@link ClientLimits}. Tomcat creates it by its name. */
public final class LimitedHttpProtocol extends Http11NioProtocol {

    /** Creates the protocol. */
    public LimitedHttpProtocol() {
        super(new LimitedEndpoint());
    }

    void limit(ClientLimits clients) {
        ((LimitedEndpoint) getEndpoint()).limit(clients);
    }

    @Override
    protected Processor createProcessor() {
        return new LimitedProcessor(this, getAdapter());
    }

    private static final class LimitedProcessor extends Http11Processor {

        private LimitedProcessor(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
            super(protocol, adapter);
        }

        @Override
        public SocketState service(SocketWrapperBase<?> connection) throws IOException {
            if (connection.getSocket() instanceof ClientChannel client) {
                client.serve(getRequest());
            }
            return super.service(connection);
        }
    }
}
