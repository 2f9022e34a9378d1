package org.countersign.faulttest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.localstack.net.TcpListener;
import org.countersign.localstack.net.TcpRelay;

/** A proxy for a TCP port with configurable connection failures. */
final class TcpProxy implements AutoCloseable {

    /** The state of the connections through the proxy. */
    enum ProxyMode {
        /** Relays all bytes without delay. */
        GOOD,
        /** Closes all connections, and new ones immediately. */
        CUT,
        /** Keeps connections open and relays nothing. */
        HANGING,
        /** Delays all bytes. */
        SLOW
    }

    private static final long DELAY_MILLIS = 40;
    private static final long POLL_INTERVAL_MILLIS = 10;

    private final TcpListener listener;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile ProxyMode mode = ProxyMode.GOOD;

    private TcpProxy(int target) {
        this.target = target;
        this.listener = TcpListener.open(0, this::connect);
    }

    /** @param target the TCP port on loopback to which the proxy connects */
    static TcpProxy to(int target) {
        return new TcpProxy(target);
    }

    int port() {
        return listener.port();
    }

    /** Sets the mode. {@link ProxyMode#CUT} also closes all open connections. */
    void setMode(ProxyMode next) {
        mode = next;
        if (next == ProxyMode.CUT) {
            open.forEach(TcpRelay::close);
            open.clear();
        }
    }

    private void connect(Socket client) {
        Socket upstream = new Socket();
        try {
            if (mode == ProxyMode.CUT) {
                throw new IOException("the connection is cut");
            }
            upstream.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            open.removeIf(Socket::isClosed);
            open.add(client);
            open.add(upstream);
            TcpRelay.start(client, upstream, this::delay);
        } catch (IOException e) {
            TcpRelay.close(client);
            TcpRelay.close(upstream);
        }
    }

    private void delay() throws InterruptedException {
        if (mode == ProxyMode.SLOW) {
            Thread.sleep(DELAY_MILLIS);
        }
        while (mode == ProxyMode.HANGING) {
            Thread.sleep(POLL_INTERVAL_MILLIS);
        }
    }

    @Override
    public void close() {
        listener.close();
        open.forEach(TcpRelay::close);
    }
}
